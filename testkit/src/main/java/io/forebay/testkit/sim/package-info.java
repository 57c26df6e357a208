/**
 * A stand-in for Azure Blob storage that is fast, can be made slow, and goes wrong on demand: Blob REST on the loopback
 * interface, in a process of its own, so that neither its memory nor its processor time is taken for that of what is
 * measured.
 *
 * <p><b>Use.</b> A test starts a {@link io.forebay.testkit.sim.Simulator}, declares blobs, sets {@link
 * io.forebay.testkit.sim.Limits}, adds a {@link io.forebay.testkit.sim.FaultRule}, and reads {@link
 * io.forebay.testkit.sim.Counts}. By hand it is {@code java -cp testkit/target/classes
 * io.forebay.testkit.sim.SimulatorMain --help}; then any client of Azure can be pointed at it, and {@code curl} at {@code
 * /$sim/help}.
 *
 * <p><b>Parts.</b> {@code SimulatorServer} takes connections and gives each a {@code Conversation}, in which {@code
 * RequestReader} reads, {@code BlobService} decides, {@code Shaper} delays, {@code Faults} spoils and {@code AnswerWriter}
 * sends. {@code BlobTable} holds containers, a {@code Container} its blobs, staged blocks and {@code SyntheticFamily}s,
 * and a {@code StoredBlob} is one version. {@code Content} is bytes that were written or a run of {@link
 * io.forebay.testkit.sim.SyntheticContent}, which exists once, as a mebibyte of memory that the kernel copies from: a blob
 * of 64 GiB costs nothing to have, and little to send. {@code ControlRequests} are what tests change it with.
 *
 * <p><b>Threads.</b> One that accepts, and one platform thread for each connection. A change of a blob is decided under
 * its container's lock, after the request's body was read and before the answer is sent, so that no client holds it up.
 *
 * <p><b>How it fails.</b> A request that it does not know is answered 501, and shows as {@code other} in the counts. What
 * it throws goes to standard error, and makes {@link io.forebay.testkit.sim.Simulator#close} fail.
 *
 * <p><b>What it is not.</b> No signature is checked, there are no leases, snapshots, versions, page or append blobs, and a
 * copy is always done at once. A checksum by MD5 is compared; one by CRC-64 is not.
 */
@NullMarked
package io.forebay.testkit.sim;

import org.jspecify.annotations.NullMarked;
