package dev.ermine.trust;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The messages of OCSP about one certificate, as far as the JDK keeps them to itself.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6960#section-4">RFC 6960, 4: details of the
 *     protocol</a>
 */
final class OcspMessages {

  /** SHA-1, which only names the issuer here, and which every responder knows (RFC 5019, 2.1.1). */
  private static final Der SHA_1 =
      Der.of(
          Der.SEQUENCE,
          new Der(Der.OBJECT_ID, HexFormat.of().parseHex("2b0e03021a")),
          new Der(Der.NULL, new byte[0]));

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

  /**
   * What a responder said of one certificate, to be verified.
   *
   * @param from {@code thisUpdate}
   * @param until {@code nextUpdate}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to the JDK, compared by nobody
  record Said(byte[] encoded, Instant from, Optional<Instant> until) {}

  private OcspMessages() {}

  /** An {@code OCSPRequest} about {@code certificate}. */
  static byte[] request(X509Certificate certificate, X509Certificate issuer) {
    Der id =
        Der.of(
            Der.SEQUENCE,
            SHA_1,
            new Der(Der.OCTET_STRING, sha1(issuer.getSubjectX500Principal().getEncoded())),
            new Der(Der.OCTET_STRING, sha1(key(issuer))),
            new Der(Der.INTEGER, certificate.getSerialNumber().toByteArray()));
    Der list = Der.of(Der.SEQUENCE, Der.of(Der.SEQUENCE, id));
    return Der.of(Der.SEQUENCE, Der.of(Der.SEQUENCE, list)).encoded();
  }

  /** The bits of the public key, without how many of the last byte are unused. */
  private static byte[] key(X509Certificate certificate) {
    byte[] bits = Der.read(certificate.getPublicKey().getEncoded()).at(1).content();
    return Arrays.copyOfRange(bits, 1, bits.length);
  }

  /**
   * The times of an {@code OCSPResponse} that speaks of one certificate.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Said said(byte[] response) {
    Der basic = Der.read(Der.read(response).at(1).at(0).at(1).content());
    List<Der> data = basic.at(0).elements();
    Der list =
        data.stream()
            .filter(element -> element.tag() == Der.SEQUENCE)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no answers"));
    List<Der> single = Der.read(list.content()).elements();
    if (single.size() < 3) {
      throw new IllegalArgumentException("no times");
    }
    Optional<Instant> until =
        single.stream()
            .skip(3)
            .filter(element -> element.tag() == Der.tagged(0))
            .findFirst()
            .map(element -> time(element.at(0)));
    return new Said(response, time(single.get(2)), until);
  }

  private static Instant time(Der time) {
    if (time.tag() != Der.TIME) {
      throw new IllegalArgumentException("no time");
    }
    try {
      String text = new String(time.content(), java.nio.charset.StandardCharsets.US_ASCII);
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time", e);
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
