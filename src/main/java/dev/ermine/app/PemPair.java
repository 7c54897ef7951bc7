package dev.ermine.app;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate and its private key, in two PEM files that belong together. */
record PemPair(Path certificateFile, Path keyFile, X509Certificate certificate) {

  private static final Pattern PKCS8 =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----(?<key>[A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Why two files are no pair; which of them, and nothing of what is in them. */
  static final class NotAPair extends Exception {
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

  static PemPair read(Path certificateFile, Path keyFile) throws NotAPair {
    X509Certificate certificate = certificate(certificateFile);
    PrivateKey key = key(keyFile, certificate.getPublicKey());
    if (!belong(key, certificate.getPublicKey())) {
      throw new NotAPair(
          true, "`" + keyFile + "` is not the key of `" + certificateFile + "`; give both anew");
    }
    return new PemPair(certificateFile, keyFile, certificate);
  }

  private static X509Certificate certificate(Path file) throws NotAPair {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new NotAPair(false, "`" + file + "` cannot be read; say where the certificate is");
    } catch (CertificateException e) {
      throw new NotAPair(false, "`" + file + "` holds no certificate; write it in PEM");
    }
  }

  private static PrivateKey key(Path file, PublicKey like) throws NotAPair {
    try {
      Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      if (pem.find()) {
        byte[] der = Base64.getMimeDecoder().decode(pem.group("key"));
        return KeyFactory.getInstance(like.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(der));
      }
    } catch (IOException e) {
      throw new NotAPair(true, "`" + file + "` cannot be read; say where the key is");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not the cause: it may quote the key. The message below says what is wanted.
    }
    throw new NotAPair(
        true,
        "`%s` holds no private key of the certificate's kind; write it in PKCS #8 PEM, unencrypted"
            .formatted(file));
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

  /** The file names alone. */
  @Override
  public String toString() {
    return "PemPair[" + certificateFile + ", " + keyFile + "]";
  }
}
