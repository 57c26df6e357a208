package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;
import org.junit.jupiter.api.Tag;

/**
 * A mount of a container of Azurite whose every request goes through the Azure SDK: those parts of the suite in which what
 * the store answers decides. The others never get past the cache, or ask what these ask. It takes minutes, and the store by
 * the SDK passes the same contract tests as every other: {@code ./dev soak sdk} runs it.
 */
@Tag("soak")
class AzuriteBySdkMountTest extends GroundSuite
        implements AttributeTests, ContentTests, DirectoryTests, NameTests, RenameTests, TruncateTests {
    AzuriteBySdkMountTest() {
        super(GroundKind.AZURITE_BY_SDK);
    }
}
