package dev.ermine.sandbox;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The development keys and certificates of the gateway and of the eight regions, in one directory.
 * What is missing, expires within a week or lacks the marks of development is made anew, all of it:
 * certificates, keys and JWK Sets always belong together.
 *
 * <p>The marks, by which a gateway in production refuses them: certificates are of the organisation
 * {@code Ermine development}, and each {@code kid} begins with {@code development-}.
 *
 * <p>Beside them lie the lists of sensitive codes, since {@code regions.yaml} names its files in
 * one directory.
 *
 * <p>For each owner ({@code gateway}, {@code london}, …): {@code <owner>-ca.crt}, {@code
 * <owner>-server.crt/.key}, {@code <owner>-client.crt/.key}, {@code <owner>.jwks.json} (public) and
 * {@code <owner>-signing.jwks.json} (private). Of the gateway alone: {@code page-keys.jwks.json}.
 */
public final class DevPki {

  /** The ids of the eight regions. */
  public static final List<String> REGIONS =
      List.of(
          "hwe",
          "london",
          "essex-suffolk",
          "greater-manchester",
          "yorkshire-humber",
          "wessex",
          "thames-valley-surrey",
          "lancashire-south-cumbria");

  /** The gateway, as an owner of keys and certificates. */
  public static final String GATEWAY = "gateway";

  /** Protects the key stores that live in memory or beside the sandbox; they guard nothing real. */
  static final String STORE_PASSWORD = "development";

  private static final Duration SPARE = Duration.ofDays(7);
  private static final String PAGE_KEYS = "page-keys.jwks.json";
  private static final String LISTS = "sensitive-codes.yaml";
  private static final String MARK = "development-";

  private final Path directory;

  private DevPki(Path directory) {
    this.directory = directory;
  }

  /** The material in {@code directory}, made now unless it is there, whole and valid. */
  public static synchronized DevPki in(Path directory) {
    var pki = new DevPki(directory.toAbsolutePath().normalize());
    if (!pki.isWhole()) {
      pki.make();
    }
    pki.copyLists();
    return pki;
  }

  /** Where the files are. */
  public Path directory() {
    return directory;
  }

  /** A file by its name: {@code london-ca.crt}. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** A certificate by its file's name without ending: {@code gateway-client}. */
  public X509Certificate certificate(String name) {
    try (InputStream in = Files.newInputStream(file(name + ".crt"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("`" + file(name + ".crt") + "` is not a certificate", e);
    }
  }

  /** The {@code x5t#S256} of a certificate: SHA-256 over its DER, base64url. */
  public String thumbprint(String name) {
    try {
      byte[] der = certificate(name).getEncoded();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(der);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The private JWK of an owner that signs with {@code algorithm}. */
  public JWK signingKey(String owner, JWSAlgorithm algorithm) {
    return keys(owner + "-signing.jwks.json").getKeys().stream()
        .filter(key -> signs(key, algorithm))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(owner + " has no key for " + algorithm));
  }

  /** The public JWK Set of an owner. */
  public JWKSet publicKeys(String owner) {
    return keys(owner + ".jwks.json");
  }

  /** TLS as {@code identity} ({@code hwe-client}), trusting only what {@code ca} issued. */
  public SSLContext tls(String identity, String ca) {
    try {
      var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(identity(identity), STORE_PASSWORD.toCharArray());
      var context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trusting(ca).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS without a client certificate, trusting only what {@code ca} issued. */
  public SSLContext anonymousTls(String ca) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trusting(ca).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store that holds a key with its certificate. */
  KeyStore identity(String name) {
    try {
      KeyStore store = emptyStore();
      X509Certificate[] chain = {certificate(name)};
      store.setKeyEntry(name, privateKey(name), STORE_PASSWORD.toCharArray(), chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store that holds the one certificate to trust. */
  KeyStore trust(String ca) {
    try {
      KeyStore store = emptyStore();
      store.setCertificateEntry(ca, certificate(ca));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private TrustManagerFactory trusting(String ca) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust(ca));
    return factory;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store;
  }

  private PrivateKey privateKey(String name) throws GeneralSecurityException {
    try {
      String pem = Files.readString(file(name + ".key"));
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JWKSet keys(String file) {
    try {
      return JWKSet.load(file(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException("`" + file(file) + "` is not a JWK Set", e);
    }
  }

  private static boolean signs(JWK key, JWSAlgorithm algorithm) {
    return key.getAlgorithm() == null
        ? JWSAlgorithm.Family.RSA.contains(algorithm)
        : key.getAlgorithm().equals(algorithm);
  }

  private boolean isWhole() {
    return fileNames().allMatch(name -> Files.isRegularFile(file(name)))
        && owners().flatMap(DevPki::certificateNames).allMatch(this::lasts)
        && owners().allMatch(owner -> areMarked(publicKeys(owner)))
        && areMarked(keys(PAGE_KEYS));
  }

  private boolean lasts(String certificate) {
    Instant end = certificate(certificate).getNotAfter().toInstant();
    return end.isAfter(Instant.now().plus(SPARE));
  }

  private static boolean areMarked(JWKSet keys) {
    return keys.getKeys().stream().allMatch(key -> key.getKeyID().startsWith(MARK));
  }

  private static Stream<String> owners() {
    return Stream.concat(Stream.of(GATEWAY), REGIONS.stream());
  }

  private static Stream<String> certificateNames(String owner) {
    return Stream.of(owner + "-ca", owner + "-server", owner + "-client");
  }

  private static Stream<String> fileNames() {
    return Stream.concat(Stream.of(PAGE_KEYS), owners().flatMap(DevPki::fileNames));
  }

  private static Stream<String> fileNames(String owner) {
    return Stream.of(
            "-ca.crt",
            "-server.crt",
            "-server.key",
            "-client.crt",
            "-client.key",
            ".jwks.json",
            "-signing.jwks.json")
        .map(owner::concat);
  }

  private void make() {
    try {
      Files.createDirectories(directory);
      // First everything goes: a run that is cut short leaves a gap, and the next one starts again.
      for (String name : fileNames().toList()) {
        Files.deleteIfExists(file(name));
      }
      for (String owner : owners().toList()) {
        makeCertificates(owner);
        makeSigningKeys(owner);
      }
      makePageKeys();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("could not make development keys", e);
    }
  }

  /** The lists of sensitive codes, which {@code regions.yaml} names as well. */
  private void copyLists() {
    try {
      byte[] shipped = Files.readAllBytes(Path.of("certs", LISTS));
      if (!Files.exists(file(LISTS)) || !Arrays.equals(shipped, Files.readAllBytes(file(LISTS)))) {
        Files.write(file(LISTS), shipped);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeCertificates(String owner) throws IOException, GeneralSecurityException {
    var authority = DevAuthority.named(owner + " development CA");
    KeyFile.writePublic(file(owner + "-ca.crt"), Pem.of(authority.certificate()));
    write(owner + "-server", authority.issueServer(owner + " server"));
    write(owner + "-client", authority.issueClient(owner + " client"));
  }

  private void write(String name, DevAuthority.Issued issued) throws IOException {
    KeyFile.writePrivate(file(name + ".key"), Pem.of(issued.key()));
    KeyFile.writePublic(file(name + ".crt"), Pem.of(issued.certificate()));
  }

  private void makeSigningKeys(String owner) throws IOException, JOSEException {
    JWKSet keys =
        owner.equals(GATEWAY)
            ? new JWKSet(
                List.of(
                    ecKey(Curve.P_256, JWSAlgorithm.ES256),
                    ecKey(Curve.P_384, JWSAlgorithm.ES384),
                    rsaKey()))
            : new JWKSet(ecKey(Curve.P_256, JWSAlgorithm.ES256));
    KeyFile.writePrivate(file(owner + "-signing.jwks.json"), keys.toString(false));
    KeyFile.writePublic(file(owner + ".jwks.json"), keys.toString(true));
  }

  private void makePageKeys() throws IOException, JOSEException {
    JWK key =
        new OctetSequenceKeyGenerator(256)
            .keyUse(KeyUse.ENCRYPTION)
            .algorithm(EncryptionMethod.A256GCM)
            .keyID(MARK + UUID.randomUUID())
            .issueTime(Date.from(Instant.now()))
            .generate();
    KeyFile.writePrivate(file(PAGE_KEYS), new JWKSet(key).toString(false));
  }

  private static JWK ecKey(Curve curve, JWSAlgorithm algorithm) throws JOSEException {
    return new ECKeyGenerator(curve)
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(algorithm)
        .keyID(MARK + UUID.randomUUID())
        .issueTime(Date.from(Instant.now()))
        .generate();
  }

  /** Without {@code alg}: one key signs PS256 to one region and RS384 to another. */
  private static JWK rsaKey() throws JOSEException {
    return new RSAKeyGenerator(2048)
        .keyUse(KeyUse.SIGNATURE)
        .keyID(MARK + UUID.randomUUID())
        .issueTime(Date.from(Instant.now()))
        .generate();
  }
}
