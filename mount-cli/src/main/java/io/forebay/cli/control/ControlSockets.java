package io.forebay.cli.control;

import io.forebay.cli.mount.DaemonProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The control sockets of this user's mounts.
 *
 * @param folder where they are; nobody else may enter it
 */
public record ControlSockets(Path folder) {
    /** What Linux can bind: 108 bytes with the zero at the end. */
    private static final int MAX_PATH_BYTES = 107;

    private static final Pattern NAME = Pattern.compile("(\\d{1,10})-(\\d{1,19})\\.socket");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Beside the records of mounts. */
    public static ControlSockets beside(Path recordFolder) {
        return new ControlSockets(recordFolder.resolve("control"));
    }

    /** Named after the process and not after the mount point, because a socket's path must be short. */
    Path of(DaemonProcess process) {
        return folder.resolve(process.pid() + "-" + process.startTicks() + ".socket");
    }

    private static UnixDomainSocketAddress address(Path socket) throws IOException {
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IOException("the path " + socket + " is longer than the " + MAX_PATH_BYTES
                    + " bytes that a socket can have; set XDG_RUNTIME_DIR to a folder with a shorter one");
        }
        return UnixDomainSocketAddress.of(socket);
    }

    /** Listens for those who want to speak to this process. */
    ServerSocketChannel listen(DaemonProcess process, int backlog) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        removeDead();
        Path socket = of(process);
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean listening = false;
        try {
            channel.bind(address(socket), backlog);
            Files.setPosixFilePermissions(socket, OWNER_ONLY);
            listening = true;
            return channel;
        } finally {
            if (!listening) {
                channel.close();
            }
        }
    }

    /** A new connection to {@code process}. */
    SocketChannel connect(DaemonProcess process) throws IOException {
        return SocketChannel.open(address(of(process)));
    }

    void remove(DaemonProcess process) {
        deleteQuietly(of(process));
    }

    /** Processes that were killed leave their sockets behind. */
    private void removeDead() throws IOException {
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*.socket")) {
            for (Path socket : sockets) {
                Matcher name = NAME.matcher(String.valueOf(socket.getFileName()));
                if (name.matches()
                        && !new DaemonProcess(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))).isAlive()) {
                    deleteQuietly(socket);
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static void deleteQuietly(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException _) {
            // The next mount tries again.
        }
    }
}
