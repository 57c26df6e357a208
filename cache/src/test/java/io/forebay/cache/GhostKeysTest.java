package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GhostKeysTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isAQueueWithoutDoubles(long seed) {
        Random random = new Random(seed);
        GhostKeys ghosts = new GhostKeys();
        Set<Integer> reference = new LinkedHashSet<>();
        for (int step = 0; step < 50_000; step++) {
            int key = 1 + random.nextInt(2_000) * (random.nextBoolean() ? 1 : 0x10001);
            if (random.nextInt(3) == 0) {
                assertThat(ghosts.remove(key)).isEqualTo(reference.remove(key));
            } else {
                int most = 1 + random.nextInt(step < 25_000 ? 1_500 : 300);
                reference.remove(key);
                while (!reference.isEmpty() && reference.size() >= most) {
                    reference.remove(reference.iterator().next());
                }
                reference.add(key);
                ghosts.add(key, most);
            }
            assertThat(ghosts.size()).isEqualTo(reference.size());
        }
        for (int key : reference) {
            assertThat(ghosts.remove(key)).isTrue();
        }
        assertThat(ghosts.size()).isZero();
    }
}
