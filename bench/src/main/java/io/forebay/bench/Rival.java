package io.forebay.bench;

import io.forebay.bench.BenchOptions.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Another program that mounts Blob storage, installed on this machine, as the command line names it. */
record Rival(Kind kind, String program) {
    static final String USAGE = """
              --with=NAME:PATH compare with that program too; may be said more than once. Names:
                               blobfuse2 (twice: its block cache and its file cache), rclone
                               without a path it is looked for on the PATH
            """;

    /** Those that can be started here. */
    enum Kind {
        BLOBFUSE2,
        RCLONE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param text {@code NAME} or {@code NAME:PATH} */
    static Rival parse(String text) throws UsageException {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Kind kind = Stream.of(Kind.values())
                .filter(known -> known.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("there is nothing known of '" + name + "'"));
        String program = colon < 0 ? name : text.substring(colon + 1);
        if (colon >= 0 && !Files.isExecutable(Path.of(program))) {
            throw new UsageException("there is no program " + program);
        }
        return new Rival(kind, program);
    }

    /** What of it takes part. */
    List<Contender> contenders(Workspace workspace) {
        return switch (kind) {
            case BLOBFUSE2 ->
                List.of(
                        new BlobFuse2(program, BlobFuse2.Mode.BLOCK_CACHE, workspace),
                        new BlobFuse2(program, BlobFuse2.Mode.FILE_CACHE, workspace));
            case RCLONE -> List.of(new Rclone(program, workspace));
        };
    }
}
