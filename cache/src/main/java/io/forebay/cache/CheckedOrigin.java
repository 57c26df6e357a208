package io.forebay.cache;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.ByteRange;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content's own file, as another run of the machine's kernel left it: a page is right if its checksum is, and comes
 * from elsewhere if not.
 */
final class CheckedOrigin implements Origin {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedOrigin.class);

    private final Place place;
    private final Origin elsewhere;

    CheckedOrigin(Place place, Origin elsewhere) {
        this.place = place;
        this.elsewhere = elsewhere;
    }

    @Override
    public void read(BlobVersion version, ByteRange range, PageSink sink, Deadline deadline) throws ForebayException {
        ByteBuffer page = ByteBuffer.allocate(PageMap.PAGE_BYTES);
        long first = PageMap.pageOf(range.offset());
        int[] sums = place.sums(first, (int) (PageMap.pagesUpTo(range.end()) - first));
        long missingFrom = range.offset();
        int bad = 0;
        for (long at = range.offset(); at < range.end(); at += PageMap.PAGE_BYTES) {
            int sum = sums[(int) (PageMap.pageOf(at) - first)];
            page.clear().limit((int) Math.min(PageMap.PAGE_BYTES, range.end() - at));
            if (sum == PageSum.ABSENT) {
                continue;
            }
            if (!isRight(at, page, sum)) {
                bad++;
                continue;
            }
            fetch(version, missingFrom, at, sink, deadline);
            sink.found(page.limit(), sum);
            missingFrom = at + page.limit();
        }
        if (bad > 0) {
            LOG.warn("cached pages are damaged and are fetched again blob={} pages={}", version.name(), bad);
        }
        fetch(version, missingFrom, range.end(), sink, deadline);
    }

    private boolean isRight(long at, ByteBuffer page, int sum) throws ForebayException {
        place.file().read(at, page);
        return PageSum.of(page.flip()) == sum;
    }

    private void fetch(BlobVersion version, long from, long to, PageSink sink, Deadline deadline)
            throws ForebayException {
        if (from < to) {
            elsewhere.read(version, new ByteRange(from, to - from), sink, deadline);
        }
    }

    @Override
    public void close() {
        elsewhere.close();
    }
}
