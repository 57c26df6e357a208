package io.forebay.cli;

import io.forebay.base.time.Clock;
import io.forebay.cli.config.DataPlaneChoice;
import io.forebay.cli.config.DoorChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The run from which the AOT cache is made: a little of everything that Forebay does, in one process, through the kernel
 * door, over a folder and over an account by http and https. The Java that watches it keeps the classes that were needed,
 * linked, and what it learned of the methods that were called often. Every mount loads all of these classes when it
 * starts, so that what few mounts use stays out: jnr-fuse, the SDK, and the account that is read here, which is another
 * process.
 *
 * <p>Where nothing can be mounted, in a container that builds images for example, it trains what comes before a mount.
 */
final class Training {
    private static final int STEP_LIMIT_SECONDS = 30;

    /** Run by a process of its own, as every use of a mount: one that asked itself could wait for itself. */
    private static final String USE = """
            cd "$1" || exit 1
            mkdir folder; echo content >folder/a; cat folder/a; ls -l . folder; mv folder/a folder/b; cp folder/b c
            ln -s c link; stat link; readlink link; truncate -s 3 c; cat c; chmod 600 c; touch c; df .
            head -c 200000 /dev/zero >large; cat large known; rm c link large; rm -r folder; ls -la missing .
            """;

    /**
     * As a training run reads: many small files, of a folder that it listed and of one of which it has the names from
     * elsewhere, and a large one from its beginning to its end. What is called as often as here is compiled soon after a
     * start.
     */
    private static final String READ = """
            cd "$1" || exit 1
            ls -l listed >/dev/null; cat listed/*; cat $(seq -f named/%03.0f 0 LAST); cat listed/* named/*
            cat streamed
            """.replace("LAST", Integer.toString(TrainingStore.SMALL_FILES - 1));

    /**
     * As checkpoints and check-outs write: small files that are uploaded behind the scenes, some for which close waits, and
     * a large one in blocks.
     */
    private static final String WRITE = """
            cd "$1" || exit 1
            mkdir BEHIND waited
            for n in $(seq 600); do echo content >BEHIND/$n; done
            for n in $(seq 50); do echo content >waited/$n; done
            head -c 40000000 /dev/zero >blocks
            cd BEHIND; mv 1 one; for n in $(seq 2 50); do rm $n; done
            """.replace("BEHIND", Training.BEHIND);

    /** The folder whose files are uploaded behind the scenes. */
    private static final String BEHIND = "behind";

    private static final String UNMOUNT = "umount \"$1\" || fusermount3 -u \"$1\" || fusermount -u \"$1\"";

    private final Path folder;

    private Training(Path folder) {
        this.folder = folder;
    }

    /** Trains in the folder {@code args[0]}, and says on a line with {@code training:} what it could not. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Training training = new Training(Path.of(args[0]));
        training.commandsThatAnswerAtOnce();
        training.mountOfAFolder();
        training.mountOfAnAccount("http", Optional.empty());
        training.mountOfAnAccount("https", Optional.of(TrainingCertificate.make(training.folder)));
        // The mounts registered hooks for signals; they find everything finished, and end the process.
        System.exit(Main.DONE);
    }

    private void commandsThatAnswerAtOnce() {
        for (List<String> words : List.of(
                List.of("version"),
                List.of("list"),
                List.of("--help"),
                List.of("mount", "--help"),
                List.of("mount", "/nowhere", "--no-such-flag"),
                List.of("unmount", folder.resolve("nothing").toString()))) {
            PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            Main.run(words, host(Map.of(), nobody, nobody));
        }
    }

    private void mountOfAFolder() throws IOException, InterruptedException {
        Path account = folder.resolve("account");
        Files.createDirectories(account.resolve(TrainingStore.CONTAINER));
        mount("directory", Map.of(), List.of("--store=directory:" + account));
    }

    private void mountOfAnAccount(String name, Optional<TrainingCertificate> certificate)
            throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(
                List.of("--account-name=" + TrainingStore.ACCOUNT, "--data-plane=" + DataPlaneChoice.THIN.word()));
        certificate.ifPresent(made -> flags.add("--ca-cert-file=" + made.pem()));
        try (TrainingStoreProcess store = TrainingStoreProcess.start(certificate)) {
            flags.add("--endpoint=" + store.endpoint());
            mount(name, Map.of("AZURE_STORAGE_ACCESS_KEY", TrainingStore.KEY), flags);
        }
    }

    private void mount(String name, Map<String, String> environment, List<String> flags)
            throws IOException, InterruptedException {
        Path mountPoint = Files.createDirectories(folder.resolve("mnt-" + name));
        List<String> words =
                new ArrayList<>(List.of("mount", mountPoint.toString(), "--door=" + DoorChoice.KERNEL.word()));
        words.addAll(flags);
        words.add("--container-name=" + TrainingStore.CONTAINER);
        words.add("--cache-path=" + folder.resolve("cache-" + name));
        words.add("--durability=" + BEHIND + "/:local");
        words.add("--log-file-path=" + folder.resolve(name + ".log"));

        FirstOutput out = new FirstOutput();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Host host = host(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("training-" + name).start(() -> {
            ended.complete(Main.run(words, host));
            out.written.countDown();
        });
        if (!out.written.await(STEP_LIMIT_SECONDS, TimeUnit.SECONDS) || ended.isDone()) {
            report(name, err);
            return;
        }
        for (String script : List.of(USE, READ, WRITE, UNMOUNT)) {
            if (!shell(script, mountPoint)) {
                System.out.println("training: not all of it with a mount of " + name
                        + ": what uses it did not end within " + STEP_LIMIT_SECONDS + " s");
            }
        }
        if (ended.completeOnTimeout(Main.FAILED, STEP_LIMIT_SECONDS, TimeUnit.SECONDS)
                        .join()
                != Main.DONE) {
            report(name, err);
        }
    }

    private static void report(String name, ByteArrayOutputStream err) {
        String reason = err.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("it did not answer or end");
        System.out.println("training: not with a mount of " + name + ": " + reason);
    }

    /** Some of what is done fails, as it does for users. @return whether it ended in time */
    private static boolean shell(String script, Path mountPoint) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script, "sh", mountPoint.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(STEP_LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        return ended;
    }

    /** This machine, as somebody sees it who has just mounted in the background. */
    private Host host(Map<String, String> environment, PrintStream out, PrintStream err) {
        Host real = Host.ofThisProcess();
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("PATH", real.variable("PATH"));
        return new Host(Map.copyOf(variables), folder, real.uid(), real.gid(), true, out, err, Clock.system());
    }

    /** Output that nobody reads but the first of which somebody waits for. */
    private static final class FirstOutput extends OutputStream {
        private final CountDownLatch written = new CountDownLatch(1);

        @Override
        public void write(int b) {
            written.countDown();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            written.countDown();
        }
    }
}
