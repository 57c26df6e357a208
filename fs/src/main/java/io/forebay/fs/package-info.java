/**
 * The tree: inodes, dentries and handles over a container of blobs.
 *
 * <p>{@link io.forebay.fs.FileSystemOperations} is what a door to the kernel calls; {@code BlobFileSystem}
 * answers. Doors translate requests and nothing more, so the tree is tested without a mount.
 */
@NullMarked
package io.forebay.fs;

import org.jspecify.annotations.NullMarked;
