/** Azure Blob Storage through the Azure SDK. The only package that knows the SDK's types. */
@NullMarked
package io.forebay.blob.azure;

import org.jspecify.annotations.NullMarked;
