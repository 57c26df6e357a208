/**
 * A small HTTP/1.1 client for one server, made for bulk bytes. It knows requests, signatures, connections
 * and answers, and nothing of blobs: what an answer means is said one package up.
 *
 * <p>{@link io.forebay.blob.azure.plane.PlaneClient} runs one {@link io.forebay.blob.azure.plane.Request} on the calling
 * thread, from the connection to the last byte of the {@link io.forebay.blob.azure.plane.Answer}. {@code ConnectionPool}
 * bounds the connections and keeps those that are in a known state; a {@code Connection} sends and receives through a
 * {@code Wire}, which is a socket ({@code PlainWire}) or TLS on one ({@code TlsWire}).
 * {@link io.forebay.blob.azure.plane.Signing} proves who is asking.
 *
 * <p><b>Bytes.</b> A connection has one buffer. What arrives in it goes to the sink from it; nothing is collected.
 *
 * <p><b>Threads.</b> Callers wait on their own thread in blocking calls, and should be virtual. One more thread, which ends
 * when there is nothing to watch, is the {@code Watchdog}'s: it closes the socket of a call whose time is up. That one way
 * bounds connecting, the handshake, reading and, other than a socket's own time limit, writing too. Interrupting the caller
 * closes the socket as well, as channels have it.
 *
 * <p><b>Failure.</b> {@link java.io.IOException} for whatever broke; {@link java.net.SocketTimeoutException} when time was
 * up. Nothing is repeated, except once on a fresh connection when a kept one turned out to be closed, before a byte of an
 * answer and for requests that may safely take effect twice. A connection whose state is not known is closed.
 */
@NullMarked
package io.forebay.blob.azure.plane;

import org.jspecify.annotations.NullMarked;
