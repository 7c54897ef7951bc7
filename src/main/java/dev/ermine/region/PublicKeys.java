package dev.ermine.region;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Public keys and certificates as officers tell them apart, wherever they stand. */
final class PublicKeys {

  /** What NIST SP 800-57 asks of keys that shall last beyond 2030. */
  private static final int RSA_BITS = 3072;

  private PublicKeys() {}

  /** The keys of a file without fault. */
  static List<Jwk> of(Region.KeySet set) {
    return JwkSet.read(
            set.jwks().getBytes(StandardCharsets.UTF_8),
            fault -> {
              throw new IllegalStateException(fault);
            })
        .keys();
  }

  /** The key itself, equal to {@link Jwk#material} of the same key. */
  static List<Object> material(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> List.of("RSA", rsa.getModulus(), rsa.getPublicExponent());
      case ECPublicKey ec ->
          List.of(
              "EC",
              "P-" + ec.getParams().getCurve().getField().getFieldSize(),
              ec.getW().getAffineX(),
              ec.getW().getAffineY());
      default -> List.of(HexFormat.of().formatHex(key.getEncoded()));
    };
  }

  /** In what the key falls short of what new ones should be. */
  static Optional<String> weakness(List<Object> material) {
    return material.getFirst().equals("RSA")
            && material.get(1) instanceof BigInteger modulus
            && modulus.bitLength() < RSA_BITS
        ? Optional.of(
            "is RSA of "
                + modulus.bitLength()
                + " bits; have it replaced by "
                + RSA_BITS
                + " or EC")
        : Optional.empty();
  }

  /** The certificate as {@code openssl x509 -fingerprint -sha256} shows it, without colons. */
  static String shown(X509Certificate certificate) {
    try {
      return "`%s` (SHA-256 %s)"
          .formatted(
              certificate.getSubjectX500Principal().getName(),
              HexFormat.of().formatHex(sha256(certificate.getEncoded())));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate without encoding has no fingerprint", e);
    }
  }

  /** The key by its id, and by what it is whatever it is called. */
  static String shown(Jwk key) {
    return "`%s` (thumbprint %s)".formatted(key.kid(), key.thumbprint());
  }

  static byte[] sha256(byte[] bytes) {
    return Hash.digest().digest(bytes);
  }
}
