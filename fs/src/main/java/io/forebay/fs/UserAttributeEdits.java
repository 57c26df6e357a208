package io.forebay.fs;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import org.jspecify.annotations.Nullable;

/** Changes of extended attributes: they travel with the next commit, or are saved at once if there is nothing to commit. */
final class UserAttributeEdits {
    private final Tree tree;
    private final AttributeEdits attributeEdits;

    UserAttributeEdits(Tree tree, AttributeEdits attributeEdits) {
        this.tree = tree;
        this.attributeEdits = attributeEdits;
    }

    /** As {@link ExtendedAttributes#setxattr}. */
    boolean set(Inode inode, String name, byte[] value, ExtendedAttributes.Setting setting) throws ForebayException {
        return edit(inode, before -> {
            boolean exists = UserAttributes.get(before, name).isPresent();
            if (exists && setting == ExtendedAttributes.Setting.CREATE) {
                throw new ForebayException.AlreadyExists("there is an attribute '" + name + "'");
            }
            return !exists && setting == ExtendedAttributes.Setting.REPLACE
                    ? null
                    : UserAttributes.with(before, name, value);
        });
    }

    /** As {@link ExtendedAttributes#removexattr}. */
    boolean remove(Inode inode, String name) throws ForebayException {
        return edit(
                inode,
                before -> UserAttributes.get(before, name).isEmpty() ? null : UserAttributes.without(before, name));
    }

    /** What the metadata becomes; null if it stays. */
    @FunctionalInterface
    private interface Edit {
        @Nullable
        Metadata of(Metadata before) throws ForebayException;
    }

    /** @return whether it was changed */
    private boolean edit(Inode inode, Edit edit) throws ForebayException {
        tree.requireWritable();
        try (PathClaims.Claim claim = tree.claims().toChange(inode)) {
            boolean travels = claim == null || inode.isAheadOfStore();
            if (!travels) {
                attributeEdits.refresh(inode);
            }
            BlobHeaders before = inode.headers();
            Metadata changed = edit.of(before.metadata());
            if (changed == null) {
                return false;
            }
            inode.setHeaders(before.withMetadata(changed), tree.clock().nowNanos());
            if (travels) {
                inode.setAttributesUnsaved(claim != null);
                attributeEdits.keepAgain(inode);
                return true;
            }
            try {
                attributeEdits.saveAsIs(inode);
                return true;
            } catch (ForebayException failure) {
                inode.setHeaders(before, tree.clock().nowNanos());
                if (failure instanceof ForebayException.Changed) {
                    inode.expire(); // the caller may ask again, and will find what is there now
                }
                throw failure;
            }
        }
    }
}
