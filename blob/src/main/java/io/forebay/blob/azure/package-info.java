/**
 * Azure Blob Storage, through a client of our own or, as the reference, the Azure SDK. The only package that knows the
 * SDK's types.
 *
 * <p>{@link io.forebay.blob.azure.AzureBlobStore} keeps the contract, one attempt for each call. It is made from
 * {@link io.forebay.blob.azure.AzureStoreSettings}, which {@code AzureAddress} checks. {@code AzurePlanes} makes the client
 * at the first call: {@code ThinDataPlane} and {@code ThinControlPlane} over {@code ThinCalls} and
 * {@link io.forebay.blob.azure.plane}, for which no class of the SDK is loaded, or {@code SdkDataPlane} and
 * {@code SdkControlPlane} over {@code AzureTransport}. Neither ever holds a body. {@code XmlScanner} reads lists as they
 * arrive, for {@code ListingReader} and {@code BlockListReader}; {@code AzureCopy} follows a copy to its end;
 * {@code AzureShapes} and {@code SdkShapes} turn the shapes of things into ours; {@code AzureFailures} is the one place
 * where an HTTP status or a broken connection becomes a {@link io.forebay.base.error.ForebayException}, and
 * {@code Exchange} waits for the SDK's answers within the deadline.
 *
 * <p><b>Threads.</b> Our own client works on the caller's thread. Below the SDK the JDK's HTTP client has one selector thread
 * and does its work on virtual threads, which also read the bodies that are sent. Callers wait on their own thread, and sinks are called on it alone: what arrives after a call
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
