package io.forebay.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.forebay.base.error.ForebayException;
import io.forebay.base.error.LocalDisk;
import io.forebay.cli.config.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.LoggerFactory;

/** Starts the logging of this process. */
public final class Logging {
    /** Four files of 16 MiB: days of a busy mount at the level info, and nothing on a disk that matters. */
    private static final long FILE_BYTES = 16L << 20;

    private static final int OLDER_FILES = 3;

    /** The Azure SDK warns at every request of a header that its HTTP client sets by itself; no operator can act. */
    private static final String SDK = "com.azure";

    /** Where the kernel door prints requests; each is asked for by name, so no level may hide it. */
    private static final String FUSE_TRACE = "io.forebay.fs.kernel.trace";

    private Logging() {}

    /**
     * Logs to the file that {@code settings} names, else to standard error.
     *
     * @throws ForebayException if the file cannot be written
     */
    public static void start(LogSettings settings) throws ForebayException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.start();
        Appender<ILoggingEvent> appender = settings.file().isPresent()
                ? toFile(context, encoder, settings.file().get())
                : toStandardError(context, encoder);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        Level level = Level.toLevel(settings.level());
        root.setLevel(level);
        if (level.isGreaterOrEqual(Level.INFO)) {
            context.getLogger(SDK).setLevel(Level.ERROR.isGreaterOrEqual(level) ? Level.ERROR : level);
        }
        if (settings.fuseTrace()) {
            context.getLogger(FUSE_TRACE).setLevel(Level.INFO);
        }
    }

    private static Appender<ILoggingEvent> toStandardError(LoggerContext context, LineEncoder encoder) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static Appender<ILoggingEvent> toFile(LoggerContext context, LineEncoder encoder, Path file)
            throws ForebayException {
        checkWritable(file);
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);

        FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
        older.setContext(context);
        older.setParent(appender);
        older.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
        older.setMinIndex(1);
        older.setMaxIndex(OLDER_FILES);
        older.start();

        SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
        full.setContext(context);
        full.setMaxFileSize(new FileSize(FILE_BYTES));
        full.start();

        appender.setRollingPolicy(older);
        appender.setTriggeringPolicy(full);
        appender.start();
        return appender;
    }

    /** Logback would complain where nobody reads it; so look first. */
    private static void checkWritable(Path file) throws ForebayException {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException refused) {
            throw new ForebayException.Denied(
                    "the log file " + file + " cannot be written (" + LocalDisk.reason(refused)
                            + "); name another one with --log-file-path",
                    refused);
        }
    }
}
