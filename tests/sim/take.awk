# What a bank reads in a file of ours, by its own means: a line for each payment.
# output: end_to_end_id,amount,creditor account,debtor account,debtor's agent
BEGIN { RS = "<"; FS = ">" }
{ tag = $1; sub(/[ \/].*/, "", tag) }
$1 == "DbtrAcct" || $1 == "DbtrAgt" || $1 == "CdtrAcct" || $1 == "CdtrAgt" { inside = $1 }
$1 == "/" inside { inside = "" }
tag == "EndToEndId" { id = $2 }
tag == "InstdAmt" { amount = $2 }
tag == "Id" && $2 != "" && inside == "DbtrAcct" { account = $2 }
tag == "Id" && $2 != "" && inside == "CdtrAcct" { creditor = $2 }
(tag == "BICFI" || tag == "MmbId") && inside == "DbtrAgt" { agent = $2 }
$1 == "/CdtTrfTxInf" { print id "," amount "," creditor "," account "," agent }
