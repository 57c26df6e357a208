package io.forebay.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * One line for each event: {@code 2026-11-22T10:00:00.123Z info [main] MountSession mounted store=…}, and the stack
 * behind it if there is one. Hand-made, because a pattern is parsed at each start and costs more than the mount's checks.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(Instant.ofEpochMilli(event.getTimeStamp())).append(' ');
        line.append(event.getLevel().toString().toLowerCase(Locale.ROOT)).append(" [");
        line.append(event.getThreadName()).append("] ");
        line.append(simpleName(event.getLoggerName())).append(' ');
        line.append(oneLine(event.getFormattedMessage())).append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Names of blobs may hold a newline; a line of the log may not be forged with one. */
    private static String oneLine(String message) {
        return message.replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
