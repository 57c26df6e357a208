package io.forebay.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user may write, and what is said about the rest. */
class AzureStoreSettingsTest {
    private static final String SECRET = "c2VjcmV0LXNlY3JldA==";
    private static final AzureCredential KEY = new AzureCredential.SharedKey("acct", SECRET);
    private static final AzureCredential SAS = new AzureCredential.Sas("?sv=2023-11-03&sp=rl&sig=" + SECRET);

    private static String shown(@Nullable String endpoint, @Nullable String account, AzureCredential credential)
            throws ForebayException {
        URI address = endpoint == null ? null : URI.create(endpoint);
        try (AzureBlobStore store = new AzureBlobStore(AzureStoreSettings.of(address, account, "train", credential))) {
            return store.displayName();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://acct.blob.core.windows.net, https://acct.blob.core.windows.net/train",
        "https://acct.blob.core.windows.net/, https://acct.blob.core.windows.net/train",
        "HTTPS://acct.blob.core.chinacloudapi.cn, https://acct.blob.core.chinacloudapi.cn/train",
        "https://acct.privatelink.example:8443, https://acct.privatelink.example:8443/train",
        "http://127.0.0.1:10000/devstoreaccount1, http://127.0.0.1:10000/devstoreaccount1/train",
        "http://[::1]:10000/devstoreaccount1/, http://[::1]:10000/devstoreaccount1/train",
        "http://azurite/devstoreaccount1, http://azurite/devstoreaccount1/train",
    })
    void anEndpointIsTakenAsItIs(String endpoint, String shown) throws Exception {
        assertThat(shown(endpoint, null, KEY)).isEqualTo(shown);
        assertThat(shown(endpoint, "acct", SAS)).isEqualTo(shown);
    }

    @Test
    void withoutAnEndpointTheAccountIsInThePublicCloud() throws Exception {
        assertThat(shown(null, "acct", SAS)).isEqualTo("https://acct.blob.core.windows.net/train");
        assertThat(shown(null, null, KEY)).isEqualTo("https://acct.blob.core.windows.net/train");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"acct.blob.core.windows.net", "ftp://acct.example", "https:///train", "file:/tmp", "azurite"})
    void whatIsNoEndpointIsRefused(String endpoint) {
        assertRefused(endpoint, "acct", KEY, "is not an endpoint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://a.example?sv=1&sig=c2VjcmV0LXNlY3JldA==", "https://user:c2VjcmV0LXNlY3JldA==@a.example"
            })
    void anEndpointWithASecretIsRefusedAndNotRepeated(String endpoint) {
        assertRefused(endpoint, "acct", KEY, "SAS token is given as the credential");
    }

    @Test
    void anAccountIsNeededAndHasAName() {
        assertRefused(null, null, SAS, "neither an endpoint nor an account name");
        assertRefused(null, "Not_An_Account", SAS, "is not an account name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "Train", "train_set", "-train", "train-", "a--b", "a/b", "train set"})
    void whatIsNoContainerNameIsRefused(String container) {
        assertThatThrownBy(() -> new AzureBlobStore(AzureStoreSettings.of(null, "acct", container, KEY)))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessageContaining("is not a container name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64!", "c2VjcmV0X", "c2VjcmV0LXNlY3Jld==A="})
    void aKeyThatIsNotBase64IsRefusedAndNotRepeated(String key) {
        assertThatThrownBy(() -> shown(null, null, new AzureCredential.SharedKey("acct", key)))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("is not base64")
                .doesNotContain("c2VjcmV0")
                .doesNotContain("not base64!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "sv=2023-11-03&sp=rl", "sv=1&sig=a b"})
    void aTokenThatIsNotWholeIsRefused(String token) {
        assertRefused(null, "acct", new AzureCredential.Sas(token), "copy the whole token");
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(AzureStoreSettings.of(null, "acct", "train", KEY).toString())
                .contains("key=***")
                .doesNotContain(SECRET);
        assertThat(AzureStoreSettings.of(null, "acct", "train", SAS).toString())
                .contains("token=***")
                .doesNotContain(SECRET);
    }

    private static void assertRefused(
            @Nullable String endpoint, @Nullable String account, AzureCredential credential, String words) {
        assertThatThrownBy(() -> shown(endpoint, account, credential))
                .isInstanceOf(ForebayException.InvalidArgument.class)
                .hasMessageContaining(words)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain(SECRET);
    }
}
