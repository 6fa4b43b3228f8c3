// Tells the stylesheet that script is there.
document.documentElement.dataset.scripted = "";
