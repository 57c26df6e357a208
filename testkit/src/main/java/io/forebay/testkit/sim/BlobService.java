package io.forebay.testkit.sim;

import java.io.IOException;

/** Answers every request that the simulator knows: one line for each. */
final class BlobService {
    private final BlobTable table;
    private final ReadRequests reads;
    private final WriteRequests writes;

    BlobService(BlobTable table, boolean keepsBytes) {
        this.table = table;
        this.reads = new ReadRequests(table);
        this.writes = new WriteRequests(table, keepsBytes);
    }

    /** Does what the request asks for, and gives the answer; a refusal is an answer too. */
    Answer answer(Operation operation, RequestBodies bodies, Target target) throws IOException {
        try {
            return done(operation, bodies, target);
        } catch (Refusal refusal) {
            return Answer.of(refusal);
        }
    }

    private Answer done(Operation operation, RequestBodies bodies, Target target) throws IOException, Refusal {
        RequestHead head = bodies.head();
        return switch (operation) {
            case LIST_CONTAINERS -> Answer.xml(Listing.ofContainers(table, head.queryOr("prefix", "")));
            case ACCOUNT_INFORMATION ->
                Answer.of(200)
                        .with("x-ms-sku-name", "Standard_LRS")
                        .with("x-ms-account-kind", "StorageV2")
                        .with("x-ms-is-hns-enabled", "false");
            case CREATE_CONTAINER -> {
                table.create(target.container());
                yield described(201, table.require(target.container()));
            }
            case CONTAINER_PROPERTIES ->
                described(200, table.require(target.container()))
                        .with("x-ms-lease-status", "unlocked")
                        .with("x-ms-lease-state", "available")
                        .with("x-ms-has-immutability-policy", "false")
                        .with("x-ms-has-legal-hold", "false");
            case DELETE_CONTAINER -> {
                table.delete(target.container());
                yield Answer.of(202);
            }
            case LIST_BLOBS -> reads.list(head, target);
            case GET_BLOB -> reads.get(head, target);
            case BLOB_PROPERTIES -> reads.properties(head, target);
            case GET_BLOCK_LIST -> reads.blockList(head, target);
            case GET_TAGS -> reads.tags(target);
            case PUT_BLOB -> writes.put(bodies, target);
            case PUT_BLOCK -> writes.putBlock(bodies, target);
            case PUT_BLOCK_FROM_URL -> writes.putBlockFromUrl(head, target);
            case PUT_BLOCK_LIST -> writes.putBlockList(bodies, target);
            case COPY_BLOB -> writes.copy(head, target);
            case ABORT_COPY -> throw new Refusal(409, "NoPendingCopyOperation", "There is no pending copy operation.");
            case SET_METADATA -> writes.setMetadata(head, target);
            case SET_PROPERTIES -> writes.setProperties(head, target);
            case SET_TAGS -> writes.setTags(bodies, target);
            case SET_TIER -> writes.setTier(head, target);
            case DELETE_BLOB -> writes.delete(head, target);
            case OTHER ->
                throw Refusal.unsupported(head.method() + " " + head.query().keySet());
        };
    }

    private static Answer described(int status, Container container) {
        return Answer.of(status)
                .with("ETag", container.created().etag())
                .with("Last-Modified", HttpDate.of(container.created().instant()));
    }
}
