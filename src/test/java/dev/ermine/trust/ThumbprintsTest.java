package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.X509CertUtils;
import org.junit.jupiter.api.Test;

class ThumbprintsTest {

  @Test
  void agreesWithNimbus() {
    assertThat(Thumbprints.x5tS256(World.HWE_CERTIFICATE))
        .isEqualTo(X509CertUtils.computeSHA256Thumbprint(World.HWE_CERTIFICATE).toString())
        .hasSize(43);
  }
}
