package io.forebay.nativetests.suite;

import io.forebay.nativetests.ground.GroundKind;

/** All that every ground must do. */
abstract class MountSuite extends GroundSuite
        implements AllocationTests,
                AttributeTests,
                ConcurrencyTests,
                ContentTests,
                CopyTests,
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
    MountSuite(GroundKind kind) {
        super(kind);
    }
}
