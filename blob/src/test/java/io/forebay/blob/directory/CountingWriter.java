package io.forebay.blob.directory;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.nio.file.Path;

/**
 * The main class of a process that counts in a blob that others count in, by conditional changes only. Arguments: the
 * account's folder, how often to count.
 */
final class CountingWriter {
    static final String BLOB = "dir/counter";
    static final String COUNT = "count";

    private CountingWriter() {}

    public static void main(String[] arguments) throws Exception {
        try (BlobStore store =
                DirectoryBlobStore.open(Path.of(arguments[0]), DirectoryAccount.CONTAINER, Clock.system())) {
            count(store, Integer.parseInt(arguments[1]));
        }
    }

    /** Adds {@code times} to the count, one by one, now by a put and now by its metadata alone. */
    static void count(BlobStore store, int times) throws ForebayException {
        for (int done = 0; done < times; ) {
            BlobProperties now = store.head(BLOB, DirectoryAccount.soon());
            int count = Integer.parseInt(now.metadata().get(COUNT).orElse("0")) + 1;
            Metadata next = Metadata.EMPTY.with(COUNT, "" + count);
            Precondition still = Precondition.ifMatch(now.etag());
            try {
                if (count % 2 == 0) {
                    store.setMetadata(BLOB, next, still, DirectoryAccount.soon());
                } else {
                    store.put(
                            BLOB,
                            DirectoryAccount.body("" + count),
                            BlobHeaders.of(next),
                            still,
                            DirectoryAccount.soon());
                }
                done++;
            } catch (ForebayException.Changed otherCountedFirst) {
                // Look again.
            }
        }
    }
}
