/**
 * The door that speaks the FUSE kernel protocol itself, on {@code /dev/fuse}, without libfuse.
 *
 * <pre>
 *   Attachment ── mount(2), or Fusermount where only a set-uid program may
 *       │ FuseDevice: one queue of requests for each reader thread
 *   Handshake ─── Negotiation: what both sides can do
 *       │
 *   Session ───── Exchange: memory for one request and its answer, from the ExchangePool
 *       │             RequestDecoder → Request, bounds-checked
 *   RequestService ── NameRequests, AttributeRequests, FileRequests, DirectoryRequests
 *                         │                                  │
 *                 FileSystemOperations                   OpenFiles → InodeMode: who moves the bytes
 *                 FileRegions → AnswerPipe: bytes that the door serves, without a copy
 * </pre>
 *
 * <p><b>Threads.</b> A few platform threads read requests. What {@link io.forebay.fs.LocalAnswers} calls local they
 * answer themselves; everything else gets a virtual thread, together with the memory that it arrived in, and the reader
 * takes other memory. The number of exchanges bounds the requests under way. One platform thread sends notifications,
 * because the kernel may make it wait for locks that requests hold.
 *
 * <p><b>Failure.</b> Each request that wants an answer gets exactly one, whatever its bytes are and whatever serving it
 * throws. An answer that nobody takes any more (the caller was killed) gives back what it was about to hand out. When
 * the mount is gone the readers end, requests under way are waited for, and handles that the kernel could not release
 * are released. A process that dies leaves a dead mount, which {@link io.forebay.fs.kernel.KernelDoor#detach} removes.
 *
 * <p><b>Hazard.</b> A process must not touch its own mount from a thread that serves it, nor map a file of it at all: a
 * page fault waits for an answer, and so does a garbage collector for the thread that faults.
 */
@NullMarked
package io.forebay.fs.kernel;

import org.jspecify.annotations.NullMarked;
