package dev.ermine.region;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Keys and certificates of this package's tests, in files of the names that a text wants. */
final class TestCerts {

  private static final Pattern NAMES =
      Pattern.compile("[a-z-]+(?:\\.jwks\\.json|\\.crt|-codes\\.yaml)");
  private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();
  private static final Map<String, String> FILES = new ConcurrentHashMap<>();

  private TestCerts() {}

  /** Writes a key or certificate under each file name in the text; a name gives the same again. */
  static void write(String yaml, Path directory) {
    NAMES
        .matcher(yaml)
        .results()
        .forEach(name -> write(directory, name.group(), file(name.group())));
  }

  static void write(Path directory, String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String file(String name) {
    return FILES.computeIfAbsent(name, TestCerts::made);
  }

  private static String made(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".crt" -> pem(ec(name));
      case ".yaml" -> shipped(name);
      default -> "{\"keys\":[" + jwk(name, ec(name)) + "]}";
    };
  }

  private static String shipped(String name) {
    try {
      return Files.readString(Path.of("certs", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KeyPair ec(String name) {
    return KEYS.computeIfAbsent(name, _ -> generate("EC", 256));
  }

  static KeyPair rsa(int bits) {
    return KEYS.computeIfAbsent("rsa-" + bits, _ -> generate("RSA", bits));
  }

  static String jwk(String kid, KeyPair pair) {
    return switch (pair.getPublic()) {
      case ECPublicKey key ->
          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
              .formatted(
                  kid, base64(key.getW().getAffineX(), 32), base64(key.getW().getAffineY(), 32));
      case RSAPublicKey key ->
          "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"AQAB\"}"
              .formatted(kid, base64(key.getModulus(), key.getModulus().bitLength() / 8));
      default -> throw new IllegalArgumentException("no such test key");
    };
  }

  static String pem(KeyPair pair) {
    try {
      return block("CERTIFICATE", certificate(pair).getEncoded());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  static String block(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static KeyPair generate(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
      } else {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(KeyPair pair)
      throws GeneralSecurityException, OperatorCreationException {
    X500Principal name = new X500Principal("CN=test");
    Instant now = Instant.now();
    String algorithm =
        pair.getPublic() instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA";
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.ONE,
                    Date.from(now),
                    Date.from(now.plusSeconds(86_400)),
                    name,
                    pair.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
  }

  private static String base64(BigInteger number, int length) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[length];
    int size = Math.min(length, signed.length);
    System.arraycopy(signed, signed.length - size, bytes, length - size, size);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
