package io.forebay.fs.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.forebay.base.error.ForebayException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A child process that shares a socket with us and may send a file descriptor over it. {@link ProcessBuilder} cannot
 * make one: it closes every descriptor but the standard three.
 */
final class SpawnedProcess implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final short POLLIN = 1;

    /** Where the child finds its end of the socket: the first number behind the standard three. */
    private static final int CHILD_SOCKET = 3;

    private static final int STANDARD_ERROR = 2;
    /** More than any C library needs for a {@code posix_spawn_file_actions_t}; glibc takes 80. */
    private static final int FILE_ACTIONS_BYTES = 256;
    /** Enough for a few sentences. */
    private static final int ERROR_TEXT_BYTES = 4096;

    private static final NativeFunction SOCKETPAIR = NativeFunction.answeringInt("socketpair");
    private static final NativeFunction PIPE2 = NativeFunction.answeringInt("pipe2");
    private static final NativeFunction POLL = NativeFunction.answeringInt("poll");
    private static final NativeFunction RECVMSG = NativeFunction.answeringLong("recvmsg");
    private static final NativeFunction WAITPID = NativeFunction.answeringInt("waitpid");
    private static final NativeFunction KILL = NativeFunction.answeringInt("kill");
    private static final NativeFunction SPAWN = NativeFunction.answeringInt("posix_spawnp");
    private static final NativeFunction ACTIONS_INIT = NativeFunction.answeringInt("posix_spawn_file_actions_init");
    private static final NativeFunction ACTIONS_DUP2 = NativeFunction.answeringInt("posix_spawn_file_actions_adddup2");
    private static final NativeFunction ACTIONS_DESTROY =
            NativeFunction.answeringInt("posix_spawn_file_actions_destroy");

    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;

    private final int pid;
    private final int socket;
    private final int standardError;
    private boolean hangs;

    private SpawnedProcess(int pid, int socket, int standardError) {
        this.pid = pid;
        this.socket = socket;
        this.standardError = standardError;
    }

    /**
     * Starts a program found on the PATH.
     *
     * @param socketVariable the environment variable that tells it the number of its socket; it gets no other
     */
    static SpawnedProcess start(List<String> command, String socketVariable) throws ForebayException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockets = arena.allocate(JAVA_INT, 2);
            MemorySegment pipe = arena.allocate(JAVA_INT, 2);
            check("socketpair", SOCKETPAIR.call(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.address()));
            int ours = sockets.getAtIndex(JAVA_INT, 0);
            int theirs = sockets.getAtIndex(JAVA_INT, 1);
            try {
                check("pipe", PIPE2.call(pipe.address(), Posix.O_CLOEXEC));
            } catch (ForebayException failure) {
                Posix.close(ours);
                Posix.close(theirs);
                throw failure;
            }
            int errorOut = pipe.getAtIndex(JAVA_INT, 0);
            int errorIn = pipe.getAtIndex(JAVA_INT, 1);
            List<String> environment = List.of(socketVariable + "=" + CHILD_SOCKET);
            int pid = spawn(command, environment, theirs, errorIn, arena);
            Posix.close(theirs);
            Posix.close(errorIn);
            if (pid < 0) {
                Posix.close(ours);
                Posix.close(errorOut);
                throw SystemCallFailure.of("cannot run " + command.getFirst(), -pid);
            }
            return new SpawnedProcess(pid, ours, errorOut);
        }
    }

    private static void check(String call, long outcome) throws ForebayException {
        if (outcome < 0) {
            throw SystemCallFailure.of(call + " failed", (int) -outcome);
        }
    }

    /** The process number, or the negative errno. The functions of this family return the errno itself. */
    private static int spawn(List<String> command, List<String> environment, int socket, int error, Arena arena) {
        MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, Long.BYTES);
        MemorySegment pid = arena.allocate(JAVA_INT);
        long _ = ACTIONS_INIT.call(actions.address());
        // The pipe first: its number might be the one that the socket is about to take.
        long _ = ACTIONS_DUP2.call(actions.address(), error, STANDARD_ERROR);
        long _ = ACTIONS_DUP2.call(actions.address(), socket, CHILD_SOCKET);
        try {
            int errno = (int) SPAWN.call(
                    pid.address(),
                    arena.allocateFrom(command.getFirst()).address(),
                    actions.address(),
                    0,
                    strings(command, arena).address(),
                    strings(environment, arena).address());
            return errno == 0 ? pid.get(JAVA_INT, 0) : -errno;
        } finally {
            long _ = ACTIONS_DESTROY.call(actions.address());
        }
    }

    private static MemorySegment strings(List<String> values, Arena arena) {
        MemorySegment array = arena.allocate(ADDRESS, values.size() + 1L);
        for (int index = 0; index < values.size(); index++) {
            array.setAtIndex(ADDRESS, index, arena.allocateFrom(values.get(index)));
        }
        return array;
    }

    /**
     * Waits for the child to send a descriptor.
     *
     * @return the descriptor, closed on exec; -1 if the child ended, or took longer than {@code timeLimit}, without one
     */
    int receiveFd(Duration timeLimit) {
        hangs = !readable(timeLimit);
        return hangs ? -1 : receive();
    }

    private boolean readable(Duration timeLimit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(8, 4);
            poll.set(JAVA_INT, 0, socket);
            poll.set(JAVA_SHORT, 4, POLLIN);
            return POLL.call(poll.address(), 1, timeLimit.toMillis()) > 0;
        }
    }

    private int receive() {
        try (Arena arena = Arena.ofConfined()) {
            SocketMessage message = SocketMessage.allocate(arena);
            long received = RECVMSG.call(socket, message.header().address(), MSG_CMSG_CLOEXEC);
            return received > 0 ? message.descriptor(SOL_SOCKET, SCM_RIGHTS) : -1;
        }
    }

    /** What the child wrote to its standard error, at most a few sentences, once it has ended. */
    String errorText() {
        if (hangs) {
            return "";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.newState(arena);
            MemorySegment text = arena.allocate(ERROR_TEXT_BYTES);
            long length = 0;
            long read = 1;
            while (read > 0 && length < ERROR_TEXT_BYTES) {
                read = Posix.read(standardError, text.asSlice(length), state);
                length += Math.max(0, read);
            }
            byte[] bytes = text.asSlice(0, length).toArray(JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        }
    }

    /** Ends the child if it still runs, and forgets it. */
    @Override
    public void close() {
        Posix.close(socket);
        Posix.close(standardError);
        long _ = hangs ? KILL.call(pid, SIGKILL) : 0;
        // One that hangs may be beyond our right to kill it; it is then left to whoever inherits it.
        long _ = WAITPID.call(pid, 0, hangs ? WNOHANG : 0);
    }

    /** The structures of {@code recvmsg}: one byte of data, and room for one descriptor beside it. */
    private record SocketMessage(MemorySegment header, MemorySegment control) {
        /** {@code struct msghdr} and {@code struct cmsghdr} on a 64-bit Linux. */
        private static final int HEADER_BYTES = 56;

        private static final int IOV = 16;
        private static final int IOV_COUNT = 24;
        private static final int CONTROL = 32;
        private static final int CONTROL_LENGTH = 40;
        private static final int CONTROL_LEVEL = 8;
        private static final int CONTROL_TYPE = 12;
        private static final int CONTROL_DATA = 16;
        /** {@code CMSG_SPACE(sizeof(int))}. */
        private static final int CONTROL_BYTES = 24;

        static SocketMessage allocate(Arena arena) {
            MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
            MemorySegment vector = arena.allocate(ADDRESS, 2);
            MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            vector.set(ADDRESS, 0, arena.allocate(1));
            vector.set(JAVA_LONG, ADDRESS.byteSize(), 1);
            header.set(ADDRESS, IOV, vector);
            header.set(JAVA_LONG, IOV_COUNT, 1);
            header.set(ADDRESS, CONTROL, control);
            header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_BYTES);
            return new SocketMessage(header, control);
        }

        int descriptor(int level, int type) {
            boolean sent = header.get(JAVA_LONG, CONTROL_LENGTH) >= CONTROL_DATA + Integer.BYTES
                    && control.get(JAVA_INT, CONTROL_LEVEL) == level
                    && control.get(JAVA_INT, CONTROL_TYPE) == type;
            return sent ? control.get(JAVA_INT, CONTROL_DATA) : -1;
        }
    }
}
