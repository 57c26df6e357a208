/**
 * The content of blobs on local disk.
 *
 * <p>A blob version, or a file that is being written, is one sparse file with every byte at its own offset
 * ({@link io.forebay.cache.CachedContent}); a page map says which 64 KiB pages of it are there. Missing pages are
 * fetched through a {@link io.forebay.cache.BlockSource}, once for all readers; changed content is sent with an
 * {@link io.forebay.cache.Uploader}. This package knows nothing of inodes, FUSE or errno.
 *
 * <p>Whole content can be lent: the kernel then reads and writes the file itself, and {@link
 * io.forebay.cache.CachedContent#observe} learns what it wrote. Content that was closed clean rests on disk until the disk
 * needs the room, and is found there by the next process too; docs/DISK_FORMAT.md says how it lies there, and
 * docs/adr/0012-steering-the-cache.md what is given up for what. {@link io.forebay.cache.CacheInventory} shows what there
 * is.
 *
 * <h2>Parts</h2>
 *
 * <pre>
 *  SparseFileCache ── VersionTable: version → content in use, references
 *     │   └── CacheDisks ── CacheDisk (one folder of one process)
 *     │                        ├── CacheDirectory, DiskHealth: lock, room, whether it works
 *     │                        ├── DiskSlots: what is free, what rests, in memory ── EvictionQueues ── GhostKeys
 *     │                        ├── DiskRoom: how much may be held, who waits for room
 *     │                        ├── SlotIndex ── SlotRecord: what rests, on disk
 *     │                        ├── Journal ── JournalRecord ── RecordFrame: what is nowhere else, on disk
 *     │                        ├── RenameFolder ── RenameRecord ── RecordFrame: what the tree has half done in the store
 *     │                        └── OrphanSweep
 *     ├── Eviction: the thread that makes room
 *  ContentHandle (one open) ──▶ SparseContent (one file, shared until changed)
 *                                  ├── ContentState ── PageMap
 *                                  ├── Place: the content's slot ── SparseFile, PageFile
 *                                  ├── ChangeGate
 *                                  ├── ContentReader: what is here, what is missing, and what else to fetch
 *                                  │     ├── ReadPattern ── ReadRun: runs, strides, windows ──▶ Advice
 *                                  │     ├── RandomReads ── SourceSpeed: what a miss costs, what all the rest would
 *                                  │     ├── PassedPages: what a reader of a file larger than the disk leaves behind
 *                                  │     └── Prefetcher: as much of that as the FetchBudget of the cache has room for
 *                                  ├── ContentUpload: what of it the store does not have ── FrozenImage, CopiedRanges
 *                                  ├── SpaceEdits ── FileSpace: system calls, handed in by whoever may make them
 *                                  ├── Borrowing: what the kernel does with a file that is lent
 *                                  └── PageFetcher ── Fetch… ──▶ Origin: BlockSource, the sibling, or what a boot left
 *  BlobUploader ── BlockPlan, BlockStaging ──▶ BlobStore
 * </pre>
 *
 * <h2>Threads</h2>
 *
 * <p>Callers bring their own. Each fetch runs on a virtual thread, so that a reader that gives up does not spoil it for
 * the others; {@link io.forebay.cache.CacheSettings} bounds how many run. Of what finds no room for a prefetch, each content
 * remembers the latest, and tries it again when there is some. An upload uses a few virtual threads, and none outlives the call. Each disk has one virtual thread that
 * removes what a dead process left, and ends. One platform thread for the whole cache gives up what is too much
 * ({@code Eviction}): it looks every second, and when a fetch finds no room.
 *
 * <h2>Locks</h2>
 *
 * <p>In this order; a thread that holds one may take only those below it:
 *
 * <ol>
 *   <li>{@code ContentHandle}'s monitor: which content the handle uses. Held while a detached copy is made, which
 *       creates one local file; never over network I/O.
 *   <li>A door of {@code SparseFileCache}: one of 64 locks, for a version on its way between the table and a disk, when it
 *       is opened first and closed last. Held over local I/O on its slot and its files; never over network I/O, and never
 *       two at once.
 *   <li>{@code VersionTable}'s monitor: the table and the reference counts. No I/O.
 *   <li>{@code ContentState.bytes}: shared to copy present pages out or missing pages in, exclusive to change bytes or to
 *       make holes of them.
 *       Held over I/O on the local file, on purpose: it is what makes a write atomic within a page and keeps an arriving
 *       page from undoing a change. Parts of at most 1 MiB. Never over network I/O. Whoever reads in place
 *       ({@link io.forebay.cache.FileRegion}) has it shared until the kernel has the bytes.
 *   <li>{@code ContentState.lock}: page map, size, version, flags, fetches under way. No I/O. All waiting is on its one
 *       condition.
 *   <li>{@code Place}'s monitor: what is written down of one content. Held over I/O on its slot and its page file, so
 *       that a claim and its withdrawal do not overtake each other.
 *   <li>{@code Journal}'s lock for who waits until records are on stable storage, held over that; then its monitor, over
 *       appends.
 *   <li>A {@code RenameRecord}'s monitor, over appends and a wait for stable storage.
 *   <li>{@code SparseFile}'s monitor: opening again after an interrupt, resizing, closing. Local I/O.
 *   <li>The monitors of {@code DiskSlots}, {@code ReadPattern}, {@code RandomReads}, {@code SourceSpeed}, {@code Prefetcher}
 *       and {@code FetchBudget}, {@code DiskRoom}'s lock: no I/O. Whoever waits for room holds
 *       nothing else.
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
 * cache disk is {@code NoSpace} to who writes; who reads what there is no room for gets it from the source, and it is not
 * kept ({@code ReadThrough}). What cannot be written down of a content is not a failure: it is fetched again one day.
 * An entry on disk that is not what it must be is left out, with a warning, and so is a disk that fails.
 */
@NullMarked
package io.forebay.cache;

import org.jspecify.annotations.NullMarked;
