package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Everything that {@link BlobStore} promises. Each store's test extends it and gives each rule an empty container. */
public abstract class BlobStoreContract {
    private @Nullable BlobStore opened;

    /** A store on a container that exists, is empty, and is used by one test only. The suite closes it. */
    protected abstract BlobStore openEmptyContainer() throws Exception;

    /**
     * A store on a container that does not exist.
     *
     * @throws ForebayException.NotFound if the store says so at once and not when it is used
     */
    protected abstract BlobStore openMissingContainer() throws Exception;

    /** What this store can do beyond the least that is asked of every store; all of it unless overridden. */
    protected Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    /** The store of the test that is running. */
    protected final BlobStore store() {
        if (opened == null) {
            throw new IllegalStateException("no test is running");
        }
        return opened;
    }

    @BeforeEach
    final void open() throws Exception {
        opened = openEmptyContainer();
    }

    @AfterEach
    final void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void aContainerThatExistsCanBeAccessed() throws Exception {
        store().checkAccess(Deadline.after(Duration.ofSeconds(30), Clock.system()));
    }

    @Test
    void aContainerThatDoesNotExistIsNotFound() {
        assertThatThrownBy(() -> {
                    try (BlobStore missing = openMissingContainer()) {
                        missing.checkAccess(Deadline.after(Duration.ofSeconds(30), Clock.system()));
                    }
                })
                .isInstanceOf(ForebayException.NotFound.class);
    }

    @Test
    void theContainerHasANameForPeople() {
        assertThat(store().displayName()).isNotBlank();
    }

    @Nested
    class WholeBlobs extends WholeBlobRules {
        WholeBlobs() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Names extends NameRules {
        Names() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Listing extends ListingRules {
        Listing() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Reading extends ReadingRules {
        Reading() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Blocks extends BlockRules {
        Blocks() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class CopiedBlocks extends CopiedBlockRules {
        CopiedBlocks() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Copying extends CopyRules {
        Copying() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Conditions extends ConditionRules {
        Conditions() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Races extends RaceRules {
        Races() {
            super(BlobStoreContract.this);
        }
    }

    @Nested
    class Deadlines extends DeadlineRules {
        Deadlines() {
            super(BlobStoreContract.this);
        }
    }
}
