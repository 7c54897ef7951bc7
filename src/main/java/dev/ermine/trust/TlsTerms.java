package dev.ermine.trust;

import java.util.List;

/**
 * The TLS that the gateway speaks, to those who ask and to those it asks: forward secrecy and
 * authenticated encryption, or none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9325#section-4.2">RFC 9325, 4.2: cipher
 *     suites</a>
 */
public final class TlsTerms {

  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** All suites of TLS 1.3 but CCM; of TLS 1.2 those with ECDHE and AEAD. */
  public static final List<String> SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsTerms() {}
}
