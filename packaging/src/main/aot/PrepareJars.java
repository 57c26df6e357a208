import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the jars of the folder {@code args[0]} fit for an AOT cache, and {@code forebay.jar}, whose manifest is the class
 * path. The JVM archives neither a class of a signed jar nor one in a format before Java 6, and the latter it verifies
 * with an old and slow verifier besides: all of picocli, which every command begins with.
 *
 * <p>So signatures are taken out, which nobody checks here, and old classes get stack maps and the format of Java 8.
 * Their code stays as it is. A jar that was changed says so in {@code META-INF/CHANGED-BY-FOREBAY}.
 */
final class PrepareJars {
    private static final String CLASS_PATH_JAR = "forebay.jar";
    private static final Pattern SIGNATURE = Pattern.compile("/META-INF/[^/]*\\.(SF|RSA|DSA|EC)");

    /** The first with stack maps is 50; 52 is what the other libraries have. */
    private static final int OLDEST_ARCHIVED_VERSION = 50;

    private static final int NEW_VERSION = ClassFile.JAVA_8_VERSION;

    private final Path folder;
    private final List<Path> jars;

    private PrepareJars(Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.endsWith(CLASS_PATH_JAR))
                    .sorted()
                    .toList();
        }
    }

    public static void main(String[] args) throws IOException {
        PrepareJars all = new PrepareJars(Path.of(args[0]));
        List<URL> urls = new ArrayList<>();
        for (Path jar : all.jars) {
            urls.add(jar.toUri().toURL());
        }
        // Which class extends which is asked of the jars while they are rewritten: none of them changes that.
        try (URLClassLoader classes = new URLClassLoader(urls.toArray(URL[]::new))) {
            for (Path jar : all.jars) {
                prepare(jar, classes);
            }
        }
        all.writeClassPathJar();
    }

    private static void prepare(Path jar, ClassLoader classes) throws IOException {
        List<String> changes = new ArrayList<>();
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(content.getPath("/"))) {
                files = walk.filter(Files::isRegularFile).toList();
            }
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            int old = 0;
            for (Path file : files) {
                if (SIGNATURE.matcher(file.toString()).matches()) {
                    Files.delete(file);
                    changes.add("removed " + file);
                } else if (file.toString().endsWith(".class")) {
                    byte[] bytes = Files.readAllBytes(file);
                    if (bytes[7] < OLDEST_ARCHIVED_VERSION) {
                        Files.write(file, withStackMaps(format, bytes));
                        old++;
                    }
                }
            }
            if (old > 0) {
                changes.add("brought " + old + " classes to class file version " + NEW_VERSION);
            }
            if (!changes.isEmpty()) {
                Files.write(content.getPath("/META-INF/CHANGED-BY-FOREBAY"), changes);
            }
        }
    }

    private static byte[] withStackMaps(ClassFile format, byte[] old) {
        ClassModel model = format.parse(old);
        ClassTransform version = (builder, element) ->
                builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(NEW_VERSION, 0) : element);
        byte[] changed = format.transformClass(
                model, ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen(version));
        List<VerifyError> errors = format.verify(changed);
        if (!errors.isEmpty()) {
            throw new IllegalStateException(model.thisClass().asInternalName() + ": " + errors.getFirst());
        }
        return changed;
    }

    private void writeClassPathJar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(" ")));
        try (OutputStream file = Files.newOutputStream(folder.resolve(CLASS_PATH_JAR))) {
            new JarOutputStream(file, manifest).close();
        }
    }
}
