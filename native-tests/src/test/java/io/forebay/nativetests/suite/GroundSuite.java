package io.forebay.nativetests.suite;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.forebay.nativetests.ground.Ground;
import io.forebay.nativetests.ground.GroundKind;
import io.forebay.nativetests.ground.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What suites on one ground share. One ground serves the whole class, and one remount all its tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class GroundSuite implements OnGround {
    @RegisterExtension
    final Stores stores = new Stores();

    private final GroundKind kind;
    private final Map<String, Check> later = new ConcurrentSkipListMap<>();
    private @Nullable Ground ground;

    GroundSuite(GroundKind kind) {
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
    public final void afterRemount(Path here, Check check) {
        later.put(here.getFileName().toString(), check);
    }

    @TestFactory
    @Order(Integer.MAX_VALUE)
    Stream<DynamicTest> survivesARemount() throws Exception {
        ground().remount();
        return List.copyOf(later.entrySet()).stream().map(check -> dynamicTest(check.getKey(), check.getValue()::run));
    }

    @Override
    public final Ground ground() {
        return Objects.requireNonNull(ground, "no ground yet");
    }
}
