/**
 * The content of blobs on local disk.
 *
 * <p>A blob version, or a file that is being written, is one sparse file with every byte at its own offset
 * ({@link io.forebay.cache.CachedContent}); a page map says which 64 KiB pages of it are there. Missing pages are
 * fetched through a {@link io.forebay.cache.BlockSource}, once for all readers; changed content is sent with an
 * {@link io.forebay.cache.Uploader}. This package knows nothing of inodes, FUSE or errno.
 *
 * <p>Whole content can be lent: the kernel then reads and writes the file itself, and {@link
 * io.forebay.cache.CachedContent#observe} learns what it wrote. Content that was closed clean rests until the disk needs
 * the room.
 *
 * <h2>Parts</h2>
 *
 * <pre>
 *  SparseFileCache ── CacheDirectory (one process, mode 0700)
 *     │   └── VersionTable: version → content, references
 *  ContentHandle (one open) ──▶ SparseContent (one file, shared until changed)
 *                                  ├── ContentState ── PageMap
 *                                  ├── SparseFile
 *                                  ├── ReadAhead
 *                                  ├── Borrowing: what the kernel does with a file that is lent
 *                                  └── PageFetcher ── Fetch… ──▶ Origin: BlockSource, or the sibling
 *  BlobUploader ── BlockPlan, BlockStaging ──▶ BlobStore
 * </pre>
 *
 * <h2>Threads</h2>
 *
 * <p>Callers bring their own. Each fetch runs on a virtual thread, so that a reader that gives up does not spoil it for
 * the others; {@link io.forebay.cache.CacheSettings} bounds how many run. A prefetch that finds no room is left out,
 * never queued. An upload uses a few virtual threads, and none outlives the call.
 *
 * <h2>Locks</h2>
 *
 * <p>In this order; a thread that holds one may take only those below it:
 *
 * <ol>
 *   <li>{@code ContentHandle}'s monitor: which content the handle uses. Held while a detached copy is made, which
 *       creates one local file; never over network I/O.
 *   <li>{@code VersionTable}'s monitor: the table and the reference counts. No I/O.
 *   <li>{@code ContentState.bytes}: shared to copy present pages out or missing pages in, exclusive to change bytes.
 *       Held over I/O on the local file, on purpose: it is what makes a write atomic within a page and keeps an arriving
 *       page from undoing a change. Parts of at most 1 MiB. Never over network I/O. Whoever reads in place
 *       ({@link io.forebay.cache.FileRegion}) has it shared until the kernel has the bytes.
 *   <li>{@code ContentState.lock}: page map, size, version, flags, fetches under way. No I/O. All waiting is on its one
 *       condition.
 *   <li>{@code SparseFile}'s monitor: opening again after an interrupt, resizing, closing. Local I/O.
 *   <li>{@code ReadAhead}'s monitor: no I/O.
 * </ol>
 *
 * <p>A commit freezes content with a flag, not a lock: writers wait for the flag on the condition, until their own
 * deadline; readers go on. Fetch permits are semaphores, taken with no lock held, and first those of copies, then those
 * of shared content.
 *
 * <h2>Failure</h2>
 *
 * <p>Only {@link io.forebay.base.error.ForebayException}s. A failed fetch is reported to those who wait for it and
 * forgotten; what arrived before stays. A page is marked present only when all its bytes are in the file, so a hole is
 * never served. A waiting thread that is interrupted gets {@code Interrupted} and keeps its interrupt flag. A full
 * cache disk is {@code NoSpace}.
 */
@NullMarked
package io.forebay.cache;

import org.jspecify.annotations.NullMarked;
