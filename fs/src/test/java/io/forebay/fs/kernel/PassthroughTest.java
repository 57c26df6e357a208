package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the kernel reads and writes itself. */
final class PassthroughTest {
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final Set<String> STACKED = Set.of("overlay", "fuse", "fuseblk", "ecryptfs");

    @TempDir
    Path scratch;

    private MountedTree mounted;

    @BeforeEach
    void mount() throws Exception {
        assumeThat(MountCalls.effectiveUser())
                .as("only root may register backing files")
                .isZero();
        assumeThat(hasPassthrough(scratch))
                .as("passthrough needs Linux 6.9, and backing files that are not stacked themselves")
                .isTrue();
        mounted = MountedTree.mount(scratch);
        mounted.tree.backs = true;
        Shell.succeed(mounted.point, "echo probe > probe && cat probe");
        assertThat(mounted.tree.reads.get())
                .as("reads that the door saw although this machine has passthrough")
                .isZero();
    }

    /** So that a door that has lost its passthrough fails here instead of being skipped. */
    private static boolean hasPassthrough(Path folder) throws IOException {
        Matcher release = RELEASE.matcher(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
        boolean kernelHasIt = release.lookingAt()
                && Integer.parseInt(release.group(1)) * 1_000 + Integer.parseInt(release.group(2)) >= 6_009;
        return kernelHasIt && !STACKED.contains(Files.getFileStore(folder).type());
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            mounted.close();
        }
    }

    private String sh(String line) throws Exception {
        return Shell.succeed(mounted.point, line);
    }

    @Test
    void bytes_do_not_pass_through_the_door() throws Exception {
        sh("dd if=/dev/urandom of=../plain bs=1M count=20 status=none && cp ../plain copy && cmp ../plain copy");
        sh("printf tail >> copy && truncate -s 30000000 copy && head -c 20971524 copy | tail -c 4 | grep -q tail");

        assertThat(sh("stat -c %s copy")).isEqualTo("30000000");
        assertThat(mounted.tree.reads.get()).isZero();
        assertThat(mounted.tree.writes.get()).isZero();
        mounted.assertNothingUnexpected();
    }

    @Test
    void another_program_sees_the_size_grow_while_one_writes() throws Exception {
        try (Holder writer = Holder.start(
                mounted.point,
                "import sys",
                "f = open('file', 'wb', buffering=0)",
                "for line in sys.stdin: f.write(b'x' * int(line)); print('written', flush=True)")) {
            writer.tell("1000");
            assertThat(sh("stat -c %s file")).isEqualTo("1000");
            writer.tell("234");
            assertThat(sh("stat -c %s file && wc -c < file")).isEqualTo("1234\n1234");
        }
    }

    @Test
    void mappings_work() throws Exception {
        String printed = sh("""
                python3 - <<'END'
                import mmap
                open('file', 'wb').write(b'a' * 100000)
                f = open('file', 'r+b')
                m = mmap.mmap(f.fileno(), 0)
                m[70000:70003] = b'xyz'
                print(m[69999:70004])
                m.close(); f.close()
                print(open('file', 'rb').read()[69999:70004])
                END""");

        assertThat(printed).isEqualTo("b'axyza'\nb'axyza'");
        assertThat(mounted.tree.writes.get()).isZero();
    }

    @Test
    void a_mapping_that_outlives_its_descriptor_keeps_the_handle() throws Exception {
        try (Holder mapper = Holder.start(
                mounted.point,
                "import ctypes, mmap, os, sys",
                "fd = os.open('file', os.O_RDWR | os.O_CREAT)",
                "os.truncate(fd, 8192)",
                "libc = ctypes.CDLL(None, use_errno=True)",
                "libc.mmap.restype = ctypes.c_void_p",
                "libc.mmap.argtypes = [ctypes.c_void_p] + [ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]",
                "at = libc.mmap(None, 8192, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_SHARED, fd, 0)",
                "os.close(fd)",
                "print('closed', flush=True)",
                "sys.stdin.readline()",
                "ctypes.memmove(at, b'late', 4)",
                "print('written', flush=True)",
                "sys.stdin.readline()")) {
            assertThat(mapper.answer()).isEqualTo("closed");
            assertThat(sh("cat file | wc -c"))
                    .as("others can open it meanwhile")
                    .isEqualTo("8192");
            assertThat(mapper.tell("go on")).isEqualTo("written");
            assertThat(mounted.tree.openHandles()).isPositive();
            assertThat(sh("head -c 4 file")).isEqualTo("late");
        }
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
        assertThat(sh("head -c 4 file")).isEqualTo("late");
    }

    @Test
    void a_file_that_becomes_complete_while_open_is_read_by_all() throws Exception {
        byte[] content = "the content".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        mounted.tree.put("file", content);
        mounted.tree.backs = false;
        try (Holder early = Holder.start(mounted.point, reader())) {
            early.tell("read");
            mounted.tree.backs = true;
            try (Holder late = Holder.start(mounted.point, mappingReader())) {
                assertThat(late.tell("read")).isEqualTo(early.tell("read"));
            }
        }
        int readsSoFar = mounted.tree.reads.get();
        assertThat(readsSoFar).as("reads while it was open from before").isPositive();
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);

        assertThat(sh("wc -c < file")).isEqualTo(Integer.toString(content.length));
        assertThat(mounted.tree.reads.get())
                .as("no read after all had closed it")
                .isEqualTo(readsSoFar);
    }

    @Test
    void an_open_that_does_not_fit_to_those_that_live_is_stale_not_wrong() throws Exception {
        sh("echo content > file");
        try (Holder holder = Holder.start(mounted.point, reader())) {
            holder.tell("read");
            mounted.tree.backs = false;
            assertThat(Shell.run(mounted.point, "cat file").output()).contains("Stale file handle");
            mounted.tree.backs = true;
            assertThat(sh("cat file")).isEqualTo("content");
        }
        mounted.tree.backs = false;
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
        assertThat(sh("cat file")).isEqualTo("content");
    }

    @Test
    void no_backing_file_is_left_registered() throws Exception {
        sh("for i in $(seq 200); do echo $i > file$i; cat file$i > /dev/null; done; rm file*");
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);

        // Registered files keep their space although they are unlinked; what is open shows in the mount's own files.
        Path descriptors = Path.of("/proc/self/fd");
        try (var open = Files.list(descriptors)) {
            assertThat(open.filter(
                            fd -> target(fd).endsWith("(deleted)") && target(fd).contains("backing")))
                    .isEmpty();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static String[] reader() {
        return new String[] {
            "import sys, hashlib",
            "f = open('file', 'rb')",
            "for line in sys.stdin: f.seek(0); print(hashlib.md5(f.read()).hexdigest(), flush=True)"
        };
    }

    private static String[] mappingReader() {
        return new String[] {
            "import sys, hashlib, mmap",
            "f = open('file', 'rb')",
            "m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)",
            "for line in sys.stdin: print(hashlib.md5(m[:]).hexdigest(), flush=True)"
        };
    }

    /** A Python program that keeps a file open and does something for each line that it is told. */
    private static final class Holder implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        private Holder(Process process) {
            this.process = process;
            this.answers = process.inputReader();
        }

        static Holder start(Path folder, String... lines) throws IOException {
            return new Holder(new ProcessBuilder(List.of("python3", "-c", String.join("\n", lines)))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }

        String tell(String line) throws IOException {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
            return answer();
        }

        String answer() throws IOException {
            return String.valueOf(answers.readLine());
        }

        @Override
        public void close() {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        }
    }
}
