package io.forebay.cli.control;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a command asks of a mount.
 *
 * @param command what to do
 * @param most how many groups or files a report shows
 * @param paths with what, each from the root of the mount
 */
record Request(Command command, int most, List<String> paths) {
    /** Raised whenever a mount or a command of the one kind could misunderstand the other. */
    static final int PROTOCOL = 2;

    private static final int MOST_SHOWN = 1_000;

    Request {
        paths = List.copyOf(paths);
    }

    /** What a mount can be asked to do. */
    enum Command {
        WARMUP,
        PIN,
        CHECK,
        EVICT,
        UNPIN,
        REPORT,
        UPLOADS,
        FLUSH,
        CONFLICT,
        RETRY,
        DISCARD
    }

    void sendTo(Wire wire) throws IOException {
        wire.send(Message.of("request", "protocol", PROTOCOL, "command", command, "most", most));
        for (String path : paths) {
            wire.send(Message.of("path", "name", path));
        }
        wire.send(Message.of("end"));
    }

    /**
     * The request that comes first on {@code wire}.
     *
     * @throws ForebayException if there is none that this mount understands; the sentence is for the client
     */
    static Request receiveFrom(Wire wire) throws IOException {
        Message head = next(wire);
        if (!head.word().equals("request") || head.number("protocol") != PROTOCOL) {
            throw new ForebayException.Unsupported(
                    "this mount speaks another version of the control protocol; use the forebay that mounted it");
        }
        List<String> paths = new ArrayList<>();
        for (Message message = next(wire); !message.word().equals("end"); message = next(wire)) {
            if (!message.word().equals("path") || paths.size() == Selection.MAX_PARTS) {
                throw new ForebayException.InvalidArgument(
                        "a request has at most " + Selection.MAX_PARTS + " paths, and nothing else");
            }
            paths.add(message.text("name"));
        }
        return new Request(command(head.text("command")), Math.clamp(head.number("most"), 0, MOST_SHOWN), paths);
    }

    private static Command command(String word) throws ForebayException {
        try {
            return Command.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new ForebayException.Unsupported("this mount does not know the command '" + word + "'", unknown);
        }
    }

    private static Message next(Wire wire) throws IOException {
        @Nullable Message message = wire.receive();
        if (message == null) {
            throw new ForebayException.InvalidArgument("the request ends too soon");
        }
        return message;
    }
}
