package dev.ermine.app;

import dev.ermine.trust.GatewayIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two PEM files that belong together: a certificate with its chain, and its private key. */
public record PemPair(Path certificateFile, Path keyFile) {

  private static final Pattern PKCS8 =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----(?<key>[A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Why two files are no pair; which of them, and nothing of what is in them. */
  public static final class NotAPair extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean key;

    private NotAPair(boolean key, String message) {
      super(message, null, false, false);
      this.key = key;
    }

    /** Whether it is the key's file that is at fault. */
    boolean isTheKey() {
      return key;
    }
  }

  /** The identity that they make. */
  public GatewayIdentity read() throws NotAPair {
    List<X509Certificate> chain = chain();
    PublicKey published = chain.getFirst().getPublicKey();
    PrivateKey key = key(published);
    if (!belong(key, published)) {
      throw new NotAPair(
          true, "`" + keyFile + "` is not the key of `" + certificateFile + "`; give both anew");
    }
    return new GatewayIdentity(chain, key);
  }

  private List<X509Certificate> chain() throws NotAPair {
    List<X509Certificate> chain = certificates();
    for (int i = 1; i < chain.size(); i++) {
      if (!isIssuedBy(chain.get(i - 1), chain.get(i))) {
        throw new NotAPair(
            false,
            "`%s` holds a chain out of order; write each certificate before the one that issued it"
                .formatted(certificateFile));
      }
    }
    return chain;
  }

  private List<X509Certificate> certificates() throws NotAPair {
    try (InputStream in = Files.newInputStream(certificateFile)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (IOException e) {
      throw new NotAPair(
          false, "`" + certificateFile + "` cannot be read; say where the certificate is");
    } catch (CertificateException e) {
      // Said below: what the file holds is no certificate.
    }
    throw new NotAPair(
        false, "`" + certificateFile + "` holds no certificate; write it in PEM, with its chain");
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      // Another key has signed it.
      return false;
    }
  }

  private PrivateKey key(PublicKey like) throws NotAPair {
    try {
      Matcher pem = PKCS8.matcher(Files.readString(keyFile, StandardCharsets.ISO_8859_1));
      if (pem.find()) {
        byte[] der = Base64.getMimeDecoder().decode(pem.group("key"));
        return KeyFactory.getInstance(like.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(der));
      }
    } catch (IOException e) {
      throw new NotAPair(true, "`" + keyFile + "` cannot be read; say where the key is");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not the cause: it may quote the key. The message below says what is wanted.
    }
    throw new NotAPair(
        true,
        "`%s` holds no private key of the certificate's kind; write it in PKCS #8 PEM, unencrypted"
            .formatted(keyFile));
  }

  private static boolean belong(PrivateKey key, PublicKey published) {
    try {
      String algorithm =
          published.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
      byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(probe);
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(published);
      checking.update(probe);
      return checking.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      // Keys that cannot sign for one another do not belong together.
      return false;
    }
  }

  /** SHA-256, hex, of each file: another one when either has changed, wherever a link leads. */
  String fingerprint() {
    return Fingerprint.of(certificateFile) + " " + Fingerprint.of(keyFile);
  }
}
