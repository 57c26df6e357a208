package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** All that every ground must do. One ground serves the whole class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MountSuite
        implements AttributeTests,
                ConcurrencyTests,
                ContentTests,
                CreateTests,
                DirectoryTests,
                LockTests,
                MappingTests,
                NameTests,
                ReadOnlyTests,
                RenameTests,
                SymlinkTests,
                TruncateTests,
                UnlinkTests {
    @RegisterExtension
    final Stores stores = new Stores();

    private final GroundKind kind;
    private @Nullable Ground ground;

    MountSuite(GroundKind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void openGround(@TempDir Path work) throws Exception {
        ground = kind.open(work, stores);
    }

    @AfterAll
    void closeGround() throws Exception {
        if (ground != null) {
            ground.close();
        }
    }

    @Override
    public final Ground ground() {
        return Objects.requireNonNull(ground, "no ground yet");
    }
}
