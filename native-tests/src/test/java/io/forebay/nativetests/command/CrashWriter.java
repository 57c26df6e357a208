package io.forebay.nativetests.command;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A process that writes files in every way that programs do, and records before each step what it tries, and after it what
 * was acknowledged; {@link CrashModel} says what may be there afterwards. An error of a mount that lives is what programs
 * meet when a store is ill: the step may have been done or not, and writing goes on. It ends when the mount is dead.
 *
 * <p>Arguments: folder, record, seed, what it takes for an acknowledgement.
 */
final class CrashWriter {
    private static final int THREADS = 6;

    /** For the exit code, so that it can be told from a process that broke. */
    static final int MOUNT_IS_DEAD = 9;

    /** What tells a program that a step is done for good. */
    enum Acknowledgement {
        /** That it returned, with the file closed: enough while the machine lives. */
        CLOSE,
        /** That the file, and the directory of a name that changed, were synced: what a power cut leaves. */
        SYNC
    }

    private final Path folder;
    private final FileChannel record;
    private final Acknowledgement acknowledgement;

    private CrashWriter(Path folder, FileChannel record, Acknowledgement acknowledgement) {
        this.folder = folder;
        this.record = record;
        this.acknowledgement = acknowledgement;
    }

    static Process start(Path folder, Path record, long seed, Acknowledgement acknowledgement, Path errors)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        classes(),
                        CrashWriter.class.getName(),
                        folder.toString(),
                        record.toString(),
                        Long.toString(seed),
                        acknowledgement.name())
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start();
    }

    private static String classes() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try {
            // Its own classes, and those of the model.
            return Path.of(CrashWriter.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                            .toString()
                    + java.io.File.pathSeparator
                    + all;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the test classes have no path", e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        try (FileChannel record = FileChannel.open(Path.of(arguments[1]), CREATE, APPEND)) {
            CrashWriter writer = new CrashWriter(folder, record, Acknowledgement.valueOf(arguments[3]));
            for (int i = 1; i < THREADS; i++) {
                int thread = i;
                Thread.ofPlatform().start(() -> writer.run(thread, new Random(seed * THREADS + thread)));
            }
            writer.run(0, new Random(seed * THREADS));
        }
    }

    private void run(int thread, Random random) {
        try {
            Files of = new Files(thread, random);
            while (true) {
                try {
                    of.step();
                } catch (IOException failure) {
                    endIfDead(failure);
                }
            }
        } catch (Throwable broken) {
            broken.printStackTrace(System.out);
            Runtime.getRuntime().halt(1);
        }
    }

    private void endIfDead(IOException failure) {
        // The kernel goes on to know the folder of a mount that is dead.
        if (String.valueOf(failure.getMessage()).contains("not connected")
                || !java.nio.file.Files.isDirectory(folder)) {
            System.out.println("the mount is dead: " + failure);
            Runtime.getRuntime().halt(MOUNT_IS_DEAD);
        }
        System.out.println("error: " + failure);
    }

    /** Notes that a step is done, if that is sure. */
    private void done(String file, int version, boolean synced) throws IOException {
        if (synced || acknowledgement == Acknowledgement.CLOSE) {
            note("a", file, version);
        }
    }

    private void note(String what, String file, int version) throws IOException {
        record.write(ByteBuffer.wrap((what + " " + file + " " + version + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** The files of one thread; nobody else writes them. */
    private final class Files {
        private final int thread;
        private final Random random;
        private final Map<String, Integer> versions = new HashMap<>();
        private long recordsEnd;
        private boolean hasCells;

        Files(int thread, Random random) {
            this.thread = thread;
            this.random = random;
        }

        void step() throws IOException {
            switch (random.nextInt(4)) {
                case 0 -> publish("p" + thread + random.nextInt(2));
                case 1 -> append("l" + thread);
                case 2 -> replaceInPlace("d" + thread + random.nextInt(2));
                default -> writeCell("c" + thread);
            }
        }

        private int next(String what) {
            return versions.merge(what, 1, Integer::sum);
        }

        private void publish(String file) throws IOException {
            int version = next(file);
            note("t", file, version);
            Path temporary = folder.resolve(file + ".tmp");
            boolean sync = random.nextBoolean();
            write(temporary, 0, CrashModel.bytesOf(file, version), sync, CREATE, WRITE, TRUNCATE_EXISTING);
            java.nio.file.Files.move(temporary, folder.resolve(file), ATOMIC_MOVE);
            syncName(sync);
            done(file, version, sync);
        }

        /** Several records, the first of which may have been tried before, in vain. */
        private void append(String file) throws IOException {
            Path path = folder.resolve(file);
            try (FileChannel channel = FileChannel.open(path, CREATE, WRITE)) {
                for (int i = 0; i < 5; i++) {
                    int number = (int) (recordsEnd / CrashModel.RECORD_BYTES) + 1;
                    note("t", file, number);
                    channel.write(ByteBuffer.wrap(CrashModel.recordOf(file, number)), recordsEnd);
                    recordsEnd += CrashModel.RECORD_BYTES;
                    if (random.nextBoolean()) {
                        channel.force(false);
                        note("a", file, number);
                    }
                }
            }
            done(file, (int) (recordsEnd / CrashModel.RECORD_BYTES), false);
        }

        private void replaceInPlace(String file) throws IOException {
            int version = next(file);
            note("t", file, version);
            Path path = folder.resolve(file);
            boolean sync = random.nextBoolean();
            if (version % 2 == 1) {
                write(path, 0, CrashModel.bytesOf(file, version), sync, CREATE, WRITE, TRUNCATE_EXISTING);
            } else {
                java.nio.file.Files.deleteIfExists(path);
                syncName(sync);
            }
            done(file, version, sync);
        }

        private void writeCell(String file) throws IOException {
            Path path = folder.resolve(file);
            int cells = CrashModel.cellsOf(file);
            if (!hasCells) {
                note("t", file, 1);
                ByteBuffer all = ByteBuffer.allocate(cells * CrashModel.CELL_BYTES);
                for (int cell = 0; cell < cells; cell++) {
                    all.put(CrashModel.cellOf(file, cell, 1));
                    versions.put(file + "#" + cell, 1);
                }
                write(path, 0, all.array(), true, CREATE, WRITE, TRUNCATE_EXISTING);
                note("a", file, 1);
                hasCells = true;
                return;
            }
            int cell = random.nextInt(cells);
            int version = next(file + "#" + cell);
            note("t", file + "#" + cell, version);
            long offset = (long) cell * CrashModel.CELL_BYTES;
            boolean sync = random.nextBoolean();
            write(path, offset, CrashModel.cellOf(file, cell, version), sync, WRITE);
            done(file + "#" + cell, version, sync);
        }

        /** What programs do that know of power cuts. */
        private void syncName(boolean wanted) throws IOException {
            if (wanted && acknowledgement == Acknowledgement.SYNC) {
                try (FileChannel directory = FileChannel.open(folder, READ)) {
                    directory.force(true);
                }
            }
        }

        private void write(Path path, long offset, byte[] bytes, boolean sync, OpenOption... options)
                throws IOException {
            try (FileChannel channel = FileChannel.open(path, options)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest, offset + rest.position());
                }
                if (sync) {
                    channel.force(random.nextBoolean());
                }
            }
        }
    }
}
