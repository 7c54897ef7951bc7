package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.ByteUtils;
import com.nimbusds.jose.util.DeflateUtils;
import dev.ermine.testing.PageRing;
import dev.ermine.trust.PageTokens.Opened.Content;
import dev.ermine.trust.PageTokens.Opened.Gone;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens under the right key that are none of ours all the same. */
class PageTokenAttacksTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final OctetSequenceKey KEY = PageRing.key("pages-1");
  private static final PageKeys RING = PageRing.of(KEY);
  private static final PageTokens TOKENS = new PageTokens(() -> RING);
  private static final String GOOD = "{\"exp\":1795262500,\"claims\":{\"a\":1}}";
  private static final String HEADER =
      "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\"}";

  /** Each of the others differs from this in one thing. */
  @Test
  void opensOneThatIsMadeElsewhereInTheSameWay() throws Exception {
    String token = direct(HEADER, GOOD);
    assertThat(TOKENS.open(token, NOW)).isEqualTo(new Content(Map.of("a", 1)));
  }

  @Test
  void sealsWhatAnyOtherReaderOfJweOpens() throws Exception {
    Instant expires = Instant.ofEpochSecond(1795262500);
    JWEObject token = JWEObject.parse(TOKENS.seal(Map.of("a", 1), expires).orElseThrow());
    token.decrypt(new DirectDecrypter(KEY));
    assertThat(token.getPayload().toJSONObject())
        .isEqualTo(Map.of("exp", 1795262500L, "claims", Map.of("a", 1L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"JWT\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"application/ermine-page+jwe\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\",\"zip\":\"DEF\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\",\"cty\":\"JWT\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\",\"canary\":1}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\",\"crit\":[\"canary\"],\"canary\":1}",
        "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"typ\":\"ermine-page+jwe\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-2\",\"typ\":\"ermine-page+jwe\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"\",\"typ\":\"ermine-page+jwe\"}",
        "{\"enc\":\"A256GCM\",\"alg\":\"dir\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\"}",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page+jwe\"} ",
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"pages-1\",\"typ\":\"ermine-page\\u002bjwe\"}",
      })
  void readsNoOtherHeader(String header) throws Exception {
    assertThat(TOKENS.open(direct(header, GOOD), NOW)).isEqualTo(new Gone());
  }

  @Test
  void readsNoOtherKindOfToken() throws Exception {
    JOSEObjectType type = new JOSEObjectType("ermine-page+jwe");
    JWEHeader wrapped =
        new JWEHeader.Builder(JWEAlgorithm.A256GCMKW, EncryptionMethod.A256GCM)
            .type(type)
            .keyID("pages-1")
            .build();
    isGone(encrypted(wrapped, GOOD, new AESEncrypter(KEY)));
    JWSObject signed =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.HS256).type(type).keyID("pages-1").build(),
            new Payload(GOOD));
    signed.sign(new MACSigner(KEY));
    isGone(signed.serialize());
    isGone(new PlainObject(new PlainHeader(), new Payload(GOOD)).serialize());
    isGone(Base64URL.encode(HEADER) + "." + Base64URL.encode(GOOD) + ".");
    isGone(Base64URL.encode(HEADER) + "..." + Base64URL.encode(GOOD) + ".");
    isGone(GOOD);
    isGone("");
  }

  /** Where Nimbus would inflate, nothing of ours does. */
  @Test
  void inflatesNothing() throws Exception {
    JWEHeader header =
        new JWEHeader.Builder(JWEHeader.parse(HEADER))
            .compressionAlgorithm(CompressionAlgorithm.DEF)
            .build();
    String token = direct(header, GOOD + " ".repeat(1 << 20));
    assertThat(token).hasSizeLessThan(7680);
    isGone(token);
    isGone(RING.first().seal(DeflateUtils.compress(GOOD.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void readsNothingLongerThanWhatItWrites() throws Exception {
    String longest = TOKENS.seal(Map.of("x", "x".repeat(5500)), NOW.plusSeconds(1)).orElseThrow();
    int room = RING.first().room(longest.length());
    assertThat(TOKENS.open(direct(HEADER, padded(room)), NOW)).isInstanceOf(Content.class);
    isGone(direct(HEADER, padded(room + 1)));
  }

  private static String padded(int length) {
    return GOOD + " ".repeat(length - GOOD.length());
  }

  /** The cipher sees text and tag as one run of bytes, wherever the dot is. */
  @Test
  void readsATagOfItsOwnLengthAlone() {
    String[] parts = RING.first().seal(GOOD.getBytes(StandardCharsets.UTF_8)).split("\\.", -1);
    byte[] run = ByteUtils.concat(decoded(parts[3]), decoded(parts[4]));
    for (int tag = 0; tag <= run.length; tag++) {
      parts[3] = CanonicalBase64.text(Arrays.copyOf(run, run.length - tag));
      parts[4] = CanonicalBase64.text(Arrays.copyOfRange(run, run.length - tag, run.length));
      assertThat(TOKENS.open(String.join(".", parts), NOW) instanceof Content)
          .as("%d", tag)
          .isEqualTo(tag == 16);
    }
  }

  private static byte[] decoded(String part) {
    return CanonicalBase64.bytes(part).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "1",
        "\"exp\"",
        "{}",
        "{\"claims\":{}}",
        "{\"exp\":1795262500}",
        "{\"exp\":1795262500,\"claims\":[]}",
        "{\"exp\":1795262500,\"claims\":\"{}\"}",
        "{\"exp\":1795262500,\"claims\":null}",
        "{\"exp\":1795262500,\"claims\":{\"a\":null}}",
        "{\"exp\":1795262500,\"claims\":{\"a\":1,\"a\":2}}",
        "{\"exp\":1795262500,\"exp\":1795262500,\"claims\":{}}",
        "{\"exp\":1795262500,\"claims\":{}}{}",
        "{\"exp\":1795262500,\"claims\":{}}\u0000",
        "{\"exp\":\"1795262500\",\"claims\":{}}",
        "{\"exp\":true,\"claims\":{}}",
        "{\"exp\":[1795262500],\"claims\":{}}",
        "{\"exp\":-1795262500,\"claims\":{}}",
        "{\"exp\":0,\"claims\":{}}",
        "{\"exp\":1e999,\"claims\":{}}",
        "{\"exp\":NaN,\"claims\":{}}",
        "{\"exp\":1795262500,\"claims\":{\"a\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}}",
      })
  void readsNothingThatItWouldNotWrite(String text) throws Exception {
    assertThat(TOKENS.open(direct(HEADER, text), NOW)).isEqualTo(new Gone());
  }

  @Test
  void takesBytesThatAreNoTextForNothing() {
    byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 4] = (byte) 0xFF;
    isGone(RING.first().seal(bytes));
    isGone(RING.first().seal(new byte[0]));
  }

  private static void isGone(String token) {
    assertThat(TOKENS.open(token, NOW)).isEqualTo(new Gone());
  }

  /** Under any header, letter for letter, whether or not Nimbus knows what it asks for. */
  private static String direct(String header, String text) throws JOSEException, ParseException {
    return direct(JWEHeader.parse(Base64URL.encode(header)), text);
  }

  private static String direct(JWEHeader header, String text) throws JOSEException {
    return encrypted(header, text, new DirectEncrypter(KEY));
  }

  private static String encrypted(JWEHeader header, String text, JWEEncrypter by)
      throws JOSEException {
    JWEObject token = new JWEObject(header, new Payload(text));
    token.encrypt(by);
    return token.serialize();
  }
}
