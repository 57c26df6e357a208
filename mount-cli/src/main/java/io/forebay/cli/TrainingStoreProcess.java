package io.forebay.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link TrainingStore} that runs beside us. It ends when it is closed, and in any case with this process. */
final class TrainingStoreProcess implements AutoCloseable {
    private final Process process;
    private final String endpoint;

    private TrainingStoreProcess(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Starts one, and returns when it answers: by https if there is a certificate for it. */
    static TrainingStoreProcess start(Optional<TrainingCertificate> certificate) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(
                "-XX:+UseSerialGC", "-Dsun.net.httpserver.nodelay=true", "-cp", System.getProperty("java.class.path")));
        words.add(TrainingStore.class.getName());
        certificate.ifPresent(made -> words.add(made.keyStore().toString()));
        // Its standard input is a pipe from here: it ends when that does.
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String endpoint = said.readLine();
        if (endpoint == null) {
            throw new IOException("the store to train with did not start");
        }
        return new TrainingStoreProcess(process, endpoint);
    }

    String endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
