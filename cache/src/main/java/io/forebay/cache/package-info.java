/**
 * The content of blobs on local disk.
 *
 * <p>A blob version, or a file that is being written, is one sparse file with every byte at its own offset
 * ({@link io.forebay.cache.CachedContent}); a page map says which 64 KiB pages of it are there. Missing pages are
 * fetched through a {@link io.forebay.cache.BlockSource}, once for all readers; changed content is sent with an
 * {@link io.forebay.cache.Uploader}. This package knows nothing of inodes, FUSE or errno.
 */
@NullMarked
package io.forebay.cache;

import org.jspecify.annotations.NullMarked;
