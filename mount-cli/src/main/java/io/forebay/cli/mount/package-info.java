/**
 * What a mount needs around the file system: the checks before it, its life, its record and its end.
 *
 * <p><b>Before.</b> {@link io.forebay.cli.mount.MountPoint}, {@link io.forebay.cli.mount.FuseDevice} and {@link
 * io.forebay.cli.mount.CacheFolder} refuse with one sentence what cannot work, while standard error is still the user's.
 *
 * <p><b>Life.</b> {@link io.forebay.cli.mount.MountSession} lets a door serve on the calling thread. A second thread,
 * which serves nothing, stats the mount point; when that is answered the mount is put on record and the launcher is told.
 * A signal starts the JVM's shutdown hook: it unmounts, waits for the uploads, and ends the process with the code that
 * the session came to.
 *
 * <p><b>Record.</b> {@link io.forebay.cli.mount.MountRecords} keeps one small file for each mount, so that {@code list}
 * and {@code unmount} find the process; the kernel's {@link io.forebay.cli.mount.MountTable} says whether it is mounted.
 * A session whose uploads failed leaves its record behind with the reason, for {@code unmount} to report.
 */
@NullMarked
package io.forebay.cli.mount;

import org.jspecify.annotations.NullMarked;
