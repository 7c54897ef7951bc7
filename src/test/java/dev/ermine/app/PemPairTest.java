package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.sandbox.DevPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemPairTest {

  @TempDir static Path directory;
  private static DevPki pki;

  @BeforeAll
  static void makeKeys() {
    pki = DevPki.in(directory);
  }

  @Test
  void readsACertificateWithItsKey() throws Exception {
    PemPair pair = new PemPair(pki.file("hwe-client.crt"), pki.file("hwe-client.key"));
    assertThat(pair.read().certificate()).isEqualTo(pki.certificate("hwe-client"));
  }

  @Test
  void refusesTheKeyOfAnother() {
    assertFault("hwe-client.crt", "london-client.key", true);
  }

  @Test
  void refusesFilesThatAreNotThere() {
    assertFault("none.crt", "hwe-client.key", false);
    assertFault("hwe-client.crt", "none.key", true);
  }

  @Test
  void refusesFilesOfAnotherKindWithoutQuotingThem() throws IOException {
    Files.writeString(
        directory.resolve("other"),
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
    assertFault("other", "hwe-client.key", false);
    assertFault("hwe-client.crt", "other", true);
    assertFault("hwe-client.crt", "hwe-client.crt", true);
  }

  private static void assertFault(String certificate, String key, boolean isTheKey) {
    assertThatThrownBy(() -> new PemPair(pki.file(certificate), pki.file(key)).read())
        .isInstanceOfSatisfying(
            PemPair.NotAPair.class, fault -> assertThat(fault.isTheKey()).isEqualTo(isTheKey))
        .hasMessageNotContaining("c2VjcmV0")
        .hasNoCause();
  }
}
