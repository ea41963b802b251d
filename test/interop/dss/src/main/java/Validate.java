import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.TimeZone;

/**
 * Validate ROOTS.pem FILE[@YYYY-MM-DD]… : one line a signature with file, level, indication and sub-indication, by the
 * default policy, offline, at a date if one is given. Reports go to the folder named by -Dreports.
 */
public class Validate {
  public static void main(String[] arguments) throws Exception {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    String pem = Files.readString(Path.of(arguments[0]));
    for (String block : pem.split("(?<=-----END CERTIFICATE-----)")) {
      if (block.contains("BEGIN CERTIFICATE")) trusted.addCertificate(DSSUtils.loadCertificate(block.strip().getBytes()));
    }
    for (int i = 1; i < arguments.length; i++) {
      String[] parts = arguments[i].split("@");
      SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(new File(parts[0])));
      CommonCertificateVerifier verifier = new CommonCertificateVerifier();
      verifier.setTrustedCertSources(trusted);
      validator.setCertificateVerifier(verifier);
      if (parts.length > 1) {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd");
        format.setTimeZone(TimeZone.getTimeZone("UTC"));
        validator.setValidationTime(format.parse(parts[1]));
      }
      Reports reports = validator.validateDocument();
      SimpleReport report = reports.getSimpleReport();
      if (report.getSignatureIdList().isEmpty()) System.out.println(arguments[i] + " NO_SIGNATURE");
      for (String id : report.getSignatureIdList()) {
        System.out.println(arguments[i] + " " + report.getSignatureFormat(id) + " " + report.getIndication(id) + " "
            + report.getSubIndication(id) + " best " + report.getBestSignatureTime(id));
      }
      String folder = System.getProperty("reports");
      if (folder != null) {
        String name = new File(parts[0]).getName() + "-" + i;
        Files.writeString(Path.of(folder, name + "-simple.xml"), reports.getXmlSimpleReport());
        Files.writeString(Path.of(folder, name + "-detailed.xml"), reports.getXmlDetailedReport());
      }
    }
  }
}
