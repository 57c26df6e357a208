package io.forebay.testkit.store.directory;

import io.forebay.base.time.Clock;
import io.forebay.blob.BlobStore;
import io.forebay.blob.directory.DirectoryBlobStore;
import io.forebay.testkit.store.BlobStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The directory store keeps the whole contract, with every capability. */
class DirectoryBlobStoreContractTest extends BlobStoreContract {
    @TempDir
    private Path account;

    @Override
    protected BlobStore openEmptyContainer() throws Exception {
        Files.createDirectory(account.resolve("train"));
        return DirectoryBlobStore.open(account, "train", Clock.system());
    }

    @Override
    protected BlobStore openMissingContainer() throws Exception {
        return DirectoryBlobStore.open(account, "absent", Clock.system());
    }
}
