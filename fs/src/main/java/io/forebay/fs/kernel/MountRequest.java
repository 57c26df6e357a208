package io.forebay.fs.kernel;

import io.forebay.fs.DoorSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be mounted where.
 *
 * @param mountPoint an existing directory, absolute
 * @param settings what the door asks of the kernel
 * @param maxReadBytes the most that one READ may ask for
 */
record MountRequest(Path mountPoint, DoorSettings settings, int maxReadBytes) {
    /** The type of the mount, as the mount table shows it. */
    static final String TYPE = "fuse." + DoorSettings.SUBTYPE;

    /** The mount point as the kernel knows it. */
    String target() {
        return mountPoint.toString();
    }

    /** Options for mount(2). */
    String kernelOptions(int fd, int user, int group) {
        List<String> options = new ArrayList<>();
        options.add("fd=" + fd);
        options.add("rootmode=40000");
        options.add("user_id=" + user);
        options.add("group_id=" + group);
        addShared(options);
        return String.join(",", options);
    }

    /** Options for {@code fusermount3}, which adds what only it may decide. */
    String fusermountOptions() {
        List<String> options = new ArrayList<>();
        // Commas separate options; the tool takes them from names when they are escaped.
        options.add("fsname=" + settings.fsName().replace("\\", "\\\\").replace(",", "\\,"));
        options.add("subtype=" + DoorSettings.SUBTYPE);
        options.add("nosuid");
        options.add("nodev");
        if (settings.readOnly()) {
            options.add("ro");
        }
        addShared(options);
        return String.join(",", options);
    }

    private void addShared(List<String> options) {
        // The kernel has no allow_root: it lets all in, and the door turns away all but root and the owner.
        if (settings.allowOther() || settings.allowRoot()) {
            options.add("allow_other");
        }
        if (settings.defaultPermissions()) {
            options.add("default_permissions");
        }
        options.add("max_read=" + maxReadBytes);
    }
}
