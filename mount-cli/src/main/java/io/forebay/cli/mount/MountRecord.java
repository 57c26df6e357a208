package io.forebay.cli.mount;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What is known of a mount outside its process.
 *
 * @param mountPoint where
 * @param process who serves it
 * @param store the container, as a person reads it
 * @param door how the kernel is spoken to
 * @param cachePath where its content is on local disk; the first of several folders
 * @param log its log file; standard error if there is none
 * @param failure why its end was not a good one; empty while it lives
 */
public record MountRecord(
        Path mountPoint,
        DaemonProcess process,
        String store,
        String door,
        Path cachePath,
        Optional<Path> log,
        Optional<String> failure) {

    /** The same, served through a door of that name. */
    MountRecord through(String doorName) {
        return new MountRecord(mountPoint, process, store, doorName, cachePath, log, failure);
    }

    public MountRecord failed(String reason) {
        return new MountRecord(mountPoint, process, store, door, cachePath, log, Optional.of(reason));
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("mount-point", mountPoint.toString());
        properties.setProperty("pid", Long.toString(process.pid()));
        properties.setProperty("start-ticks", Long.toString(process.startTicks()));
        properties.setProperty("store", store);
        properties.setProperty("door", door);
        properties.setProperty("cache-path", cachePath.toString());
        log.ifPresent(file -> properties.setProperty("log", file.toString()));
        failure.ifPresent(reason -> properties.setProperty("failure", reason));
        return properties;
    }

    /** @throws IllegalArgumentException if a line is missing or damaged */
    static MountRecord of(Properties properties) {
        return new MountRecord(
                Path.of(required(properties, "mount-point")),
                new DaemonProcess(
                        Long.parseLong(required(properties, "pid")),
                        Long.parseLong(required(properties, "start-ticks"))),
                required(properties, "store"),
                required(properties, "door"),
                Path.of(required(properties, "cache-path")),
                Optional.ofNullable(properties.getProperty("log")).map(Path::of),
                Optional.ofNullable(properties.getProperty("failure")));
    }

    private static String required(Properties properties, String name) {
        return Optional.ofNullable(properties.getProperty(name))
                .orElseThrow(() -> new IllegalArgumentException("the record has no line " + name));
    }
}
