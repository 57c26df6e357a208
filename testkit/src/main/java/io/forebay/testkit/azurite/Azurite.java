package io.forebay.testkit.azurite;

import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running Azurite: Microsoft's own stand-in for Blob storage, on a free port of the loopback interface, with a folder
 * of its own. It ends when it is closed, and in any case with this JVM.
 */
public final class Azurite implements AutoCloseable {
    /** The account that Azurite knows; public, and the same everywhere. */
    public static final String ACCOUNT = "devstoreaccount1";

    /** That account's key, as public as the account. */
    public static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /** Node.js starts in a second or two; a machine that is busy with builds takes longer. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final Pattern LISTENING =
            Pattern.compile(".*successfully listens on (https?)://127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path folder;
    private final URI endpoint;
    private final @Nullable Path certificate;
    private final Thread stopAtExit;
    private final AtomicInteger containers = new AtomicInteger();

    private Azurite(Process process, Path folder, URI endpoint, @Nullable Path certificate, Thread stopAtExit) {
        this.process = process;
        this.folder = folder;
        this.endpoint = endpoint;
        this.certificate = certificate;
        this.stopAtExit = stopAtExit;
    }

    /** Starts one that speaks http, and returns when it answers. */
    public static Azurite start() throws IOException, InterruptedException {
        return start(false);
    }

    /** Starts one that speaks https, with a certificate made for it that nobody else trusts. */
    public static Azurite startEncrypted() throws IOException, InterruptedException {
        return start(true);
    }

    private static Azurite start(boolean encrypted) throws IOException, InterruptedException {
        Path program = installed();
        Path folder = Files.createTempDirectory("forebay-azurite");
        List<String> command = new ArrayList<>(List.of("node", program.toString(), "--blobHost", "127.0.0.1"));
        command.addAll(List.of("--blobPort", "0", "--location", folder.toString()));
        command.addAll(List.of("--silent", "--disableTelemetry", "--skipApiVersionCheck"));
        SelfSignedCertificate certificate = encrypted ? SelfSignedCertificate.create(folder) : null;
        if (certificate != null) {
            command.addAll(List.of("--cert", certificate.keyStore().toString(), "--pwd", certificate.password()));
        }
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        Thread stopAtExit = new Thread(() -> stop(process, folder), "azurite-stop");
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            URI endpoint = awaitListening(process);
            return new Azurite(process, folder, endpoint, certificate == null ? null : certificate.pem(), stopAtExit);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
            stop(process, folder);
            throw failed;
        }
    }

    /** The account's address. */
    public URI endpoint() {
        return endpoint;
    }

    /** The certificate to trust, in PEM. */
    public Path certificate() {
        if (certificate == null) {
            throw new IllegalStateException("this one speaks http");
        }
        return certificate;
    }

    /** Creates an empty container that no other test knows, and gives its name. */
    public String newContainer() {
        String name = "test-" + containers.incrementAndGet();
        container(name).create().block(REQUEST_LIMIT);
        return name;
    }

    /** The name of a container that does not exist, and never will. */
    public String missingContainer() {
        return "missing-" + containers.incrementAndGet();
    }

    /**
     * A SAS token for one container.
     *
     * @param permissions as a SAS writes them, {@code "rl"}
     * @param validity how long it is good; negative for one that has expired
     */
    public String sas(String containerName, String permissions, Duration validity) {
        OffsetDateTime expiry = OffsetDateTime.now(ZoneOffset.UTC).plus(validity);
        return container(containerName)
                .generateSas(new BlobServiceSasSignatureValues(expiry, BlobContainerSasPermission.parse(permissions)));
    }

    /** Ends the process and removes its folder. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
        stop(process, folder);
    }

    private BlobContainerAsyncClient container(String name) {
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .endpoint(endpoint.toString())
                .containerName(name)
                .serviceVersion(BlobServiceVersion.V2023_11_03)
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY));
        return certificate == null
                ? builder.buildAsyncClient()
                : builder.httpClient(SelfSignedCertificate.clientTrusting(certificate))
                        .buildAsyncClient();
    }

    private static Path installed() throws IOException, InterruptedException {
        String root = System.getProperty("forebay.root");
        if (root == null) {
            throw new IllegalStateException("the system property forebay.root must be the repository's root");
        }
        Process install = new ProcessBuilder(
                        Path.of(root, "tools", "azurite-install").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = install.inputReader(StandardCharsets.UTF_8)) {
            CompletableFuture<@Nullable String> line = CompletableFuture.supplyAsync(() -> firstLine(out));
            String program = line.get(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (program == null || install.waitFor() != 0) {
                throw new IllegalStateException("tools/azurite-install failed; what it said is above");
            }
            return Path.of(program);
        } catch (ExecutionException | TimeoutException hangs) {
            throw new IllegalStateException("tools/azurite-install did not end", hangs);
        } finally {
            install.destroy();
        }
    }

    private static @Nullable String firstLine(BufferedReader reader) {
        return reader.lines().findFirst().orElse(null);
    }

    /** Reads what the process prints, until it says where it listens; and goes on reading, so that it never blocks. */
    private static URI awaitListening(Process process) throws IOException, InterruptedException {
        CompletableFuture<URI> listening = new CompletableFuture<>();
        Thread.ofVirtual().name("azurite-output").start(() -> {
            StringBuilder said = new StringBuilder();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    Matcher found = LISTENING.matcher(line);
                    if (found.matches()) {
                        listening.complete(URI.create(found.replaceAll("$1://127.0.0.1:$2/" + ACCOUNT)));
                    } else if (!listening.isDone()) {
                        said.append(line).append('\n');
                    }
                }
                listening.completeExceptionally(new IOException("Azurite ended:\n" + said));
            } catch (IOException broken) {
                listening.completeExceptionally(broken);
            }
        });
        try {
            return listening.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException("Azurite did not start", failed);
        }
    }

    private static void stop(Process process, Path folder) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        deleteTree(folder);
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException leftBehind) {
            // A temporary folder; a test that failed for its sake would say nothing about the store.
        }
    }
}
