/**
 * A local folder that keeps the whole {@link io.forebay.blob.BlobStore} contract: no account, no service.
 *
 * <p><b>Plain.</b> A folder is an account, its sub-folders are containers, and the blob {@code a/b.bin} is the file
 * {@code a/b.bin} with exactly those bytes. Whatever a person puts there or edits there is a blob at once, with an etag of
 * its own. Symbolic links are not followed, and neither they nor sockets and devices are blobs. An empty folder is
 * nothing.
 *
 * <pre>
 * ACCOUNT/
 *   train/                     the container
 *     a/b.bin                  a blob; its record is the extended attribute user.forebay
 *   .forebay/train/            what is Forebay's own; to remove a container, remove both folders
 *     lock                     locked while a change is published
 *     incoming/                files that are being written
 *     staging/HASH/ID          blocks that wait for a commit
 *     records/ETAG-HASH        records that are too large for an attribute
 *     aside/a/=                the blob a while a is a folder
 *     aside/a/=e/b/=           the blob a//b
 * </pre>
 *
 * The state lies beside the container, not in it, so that the container holds the blobs and nothing else and can be
 * compared, copied and counted as it is. Both must be on one file system.
 *
 * <p><b>Parts.</b> {@code BlobTree} knows which file is which blob, {@code Records} what version a file is; {@code
 * BlobReader}, {@code BlobWriter}, {@code Listing} and {@code Staging} do what their names say; {@code Aftermath} makes a
 * change durable; {@code Leftovers} sweeps.
 *
 * <p><b>Atomic.</b> Whatever is published was written under {@code incoming}, got its record and was synced; then it is
 * moved by one rename. A record travels with its file, so bytes and properties change in the same instant. {@code
 * setMetadata} replaces the attribute, also in one step. So there is no moment at which half of anything can be seen,
 * by a reader, after {@code kill -9} or after a loss of power. A commit copies the blocks even if there is only one: its
 * file would have to get its record before the rename, where another commit may do the same to the same file.
 *
 * <p><b>Conditional.</b> Changes are published under one lock for each container, which also holds between processes. It
 * covers looking at the precondition and renaming, never copying or syncing. Readers take no lock: a record says which
 * length and time its file had, so that the two can be matched, and an etag never comes back, so that a file that has
 * the same etag before and after it was opened is that version. It can be read to its end even if it is replaced.
 *
 * <p><b>Durable.</b> A change is acknowledged when the folders that it touched are synced too. What a crash leaves under
 * {@code incoming}, {@code staging} and {@code records} cannot be seen and is swept, by age, when a store is opened.
 *
 * <p><b>Limits.</b> A segment of a name has at most 255 bytes. The file system must have user attributes (ext4, XFS,
 * Btrfs, a recent tmpfs). An edit by hand is noticed by the file's length and time: one that keeps both, or comes within
 * the same tick of the file system's clock, is not. The JVM must write file names in UTF-8.
 *
 * <p>It starts no threads.
 */
@NullMarked
package io.forebay.blob.directory;

import org.jspecify.annotations.NullMarked;
