package io.forebay.fs.jnrfuse;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.Attributes;
import io.forebay.fs.FileKind;
import io.forebay.fs.FileSystemOperations;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tree of which only the names exist: lookup, forget and unlink, with a count of what was not forgotten. */
final class CountedNames {
    private final Map<String, Long> inodes = new HashMap<>();
    private final Map<Long, Long> held = new HashMap<>();
    private final List<String> unlinked = new ArrayList<>();
    private boolean busy;

    CountedNames with(long parent, String name, long inode) {
        inodes.put(parent + "/" + name, inode);
        return this;
    }

    /** From now on nothing can be unlinked. */
    void becomeBusy() {
        busy = true;
    }

    /** Lookups that were not forgotten yet. */
    long lookupsHeld() {
        return held.values().stream().mapToLong(Long::longValue).sum();
    }

    List<String> unlinked() {
        return unlinked;
    }

    FileSystemOperations asTree() {
        Class<?>[] types = {FileSystemOperations.class};
        return (FileSystemOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), types, (_, method, arguments) -> answer(method, arguments));
    }

    private @Nullable Object answer(Method method, Object[] arguments) throws ForebayException {
        long inode = (Long) arguments[0];
        switch (method.getName()) {
            case "lookup" -> {
                return lookup(inode, (String) arguments[1]);
            }
            case "forget" -> held.merge(inode, -(Long) arguments[1], Long::sum);
            case "unlink" -> unlink(inode, (String) arguments[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    }

    private Attributes lookup(long parent, String name) throws ForebayException {
        Long inode = inodes.get(parent + "/" + name);
        if (inode == null) {
            throw new ForebayException.NotFound("there is no " + name);
        }
        held.merge(inode, 1L, Long::sum);
        return new Attributes(inode, FileKind.DIRECTORY, 0755, 2, 0, 0, 0, 0, 0, 0);
    }

    private void unlink(long parent, String name) throws ForebayException {
        if (busy) {
            throw new ForebayException.Unavailable("cannot unlink " + name);
        }
        inodes.remove(parent + "/" + name);
        unlinked.add(parent + "/" + name);
    }
}
