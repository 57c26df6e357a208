package io.forebay.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseOptionsTest {
    @Test
    void readsWhatFstabWrites() {
        FuseOptions options = FuseOptions.parse(
                "defaults,_netdev,noauto,nosuid,default_permissions,allow_other,uid=1000,gid=100,umask=022,attr_timeout=2.5,entry_timeout=0");

        assertThat(options.allowOther()).isTrue();
        assertThat(options.readOnly()).isFalse();
        assertThat(options.uid()).hasValue(1000);
        assertThat(options.gid()).hasValue(100);
        assertThat(options.umask()).hasValue(022);
        assertThat(options.attributeTimeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(options.entryTimeout()).isZero();
        assertThat(options.negativeTimeout()).isZero();
    }

    @Test
    void theLastOfRoAndRwWins() {
        assertThat(FuseOptions.parse("ro,rw").readOnly()).isFalse();
        assertThat(FuseOptions.parse("rw,ro").readOnly()).isTrue();
        assertThat(FuseOptions.parse("ro=true").readOnly()).isTrue();
    }

    @Test
    void namesEverythingThatItDoesNotKnow() {
        assertThatThrownBy(() -> FuseOptions.parse("ro,hard_remove,uid=me,max_read=4096"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'hard_remove'")
                .hasMessageContaining("'uid=me' needs a number")
                .hasMessageContaining("'max_read=4096'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "umask=8",
                "umask=7777",
                "attr_timeout=-1",
                "attr_timeout=NaN",
                "gid=",
                "ro=1",
                "allow_other,allow_root"
            })
    void refusesValuesThatMakeNoSense(String list) {
        assertThatThrownBy(() -> FuseOptions.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }
}
