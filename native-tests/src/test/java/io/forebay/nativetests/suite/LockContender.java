package io.forebay.nativetests.suite;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;

/** Another process that wants a record lock, and says on its standard output how it went. */
final class LockContender {
    private LockContender() {}

    /** @param how {@code try}, {@code try-shared}, or {@code wait} */
    static Process start(Path file, String how, long position, long length) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classes().toString(),
                        LockContender.class.getName(),
                        file.toString(),
                        how,
                        Long.toString(position),
                        Long.toString(length))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Path classes() {
        try {
            return Path.of(LockContender.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the test classes have no path", e);
        }
    }

    /** The next line that a contender prints; empty when it ended without one. */
    static String nextLine(Process contender) throws IOException {
        // Unbuffered: a reader that took more than the line would take it from the next call.
        StringBuilder line = new StringBuilder();
        int next = contender.getInputStream().read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = contender.getInputStream().read();
        }
        return line.toString();
    }

    public static void main(String[] arguments) throws IOException {
        long position = Long.parseLong(arguments[2]);
        long length = Long.parseLong(arguments[3]);
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), READ, WRITE)) {
            switch (arguments[1]) {
                case "wait" -> {
                    System.out.println("waiting");
                    try (FileLock _ = channel.lock(position, length, false)) {
                        System.out.println("locked");
                    }
                }
                case "try", "try-shared" -> {
                    try (FileLock lock = channel.tryLock(position, length, arguments[1].equals("try-shared"))) {
                        System.out.println(lock == null ? "refused" : "locked");
                    }
                }
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }
    }
}
