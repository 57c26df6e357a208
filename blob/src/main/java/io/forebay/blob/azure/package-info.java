/**
 * Azure Blob Storage, through the Azure SDK and, for the bytes of blobs, a client of our own. The only package that knows
 * the SDK's types.
 *
 * <p>{@link io.forebay.blob.azure.AzureBlobStore} keeps the contract, one attempt for each call. It is made from
 * {@link io.forebay.blob.azure.AzureStoreSettings}, which {@code AzureAddress} checks without loading the SDK;
 * {@code AzureTransport} puts the SDK's client together at the first call. {@code Exchange} waits for answers within the
 * deadline, {@code ThinDataPlane} moves bytes through {@link io.forebay.blob.azure.plane}, {@code SdkDataPlane} with
 * {@code DownloadBody} and {@code UploadBody} through the SDK, both without ever holding a body; {@code AzureCopy} follows
 * a copy to its end, {@code AzureShapes} turns the SDK's shapes of things into ours, and {@code AzureFailures} is the one
 * place where an HTTP status or a broken connection becomes a {@link io.forebay.base.error.ForebayException}.
 *
 * <p><b>Threads.</b> The JDK's HTTP client has one selector thread and does its work on virtual threads, which also read
 * the bodies that are sent. Callers wait on their own thread, and sinks are called on it alone: what arrives after a call
 * has ended reaches nobody.
 *
 * <p><b>Failure.</b> Nothing is repeated here, see {@link io.forebay.blob.RetryingBlobStore}, except a request on a kept
 * connection that turned out to be closed. A call ends by its deadline,
 * and earlier when nothing moved for the stall limit: a connection that a firewall forgot gives no other sign. Messages
 * name the call, the store's error code and its request id; keys, tokens and signatures appear nowhere.
 */
@NullMarked
package io.forebay.blob.azure;

import org.jspecify.annotations.NullMarked;
